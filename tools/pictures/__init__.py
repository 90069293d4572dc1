"""Takes the README's pictures, which lie in `web/`: of the demo's pages, and of every widget."""
