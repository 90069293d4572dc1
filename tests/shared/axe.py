"""axe-core, which finds what shuts people out of a page, and knows roles and names."""

import functools

import npm

VERSION = "4.14.1"


@functools.cache
def text():
    return (npm.installed("axe-core", VERSION) / "axe.min.js").read_text()


def violations(page, axe):
    page.evaluate("document.getAnimations().forEach(it => it.finish())")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {node['failureSummary']} {node['html']}" for one in found for node in one["nodes"]]
