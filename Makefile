# Every command sets up what it needs first; `make setup` alone does only that.
PYTHON ?= python3
MINUTES ?= 10
MESSAGES ?= 1000000
FROM ?= $(shell date +%s)
BOARD_PORT ?= 8080
CLOUD_PORT ?= 8090

.PHONY: setup firmware demo test engines soak siege fuzz bench web picture package deploy
setup: .venv/ready

.venv/ready: tools/setup.sh tools/requirements.txt
	PYTHON=$(PYTHON) sh tools/setup.sh
	touch $@

# SCRIPT=…: the board runs it, and again when it is saved; DASHBOARD=…: its layout;
# FROZEN=1: on a board that has what a firmware freezes, compiled, and no sources; FRESH=1: on one that nobody
# has told its Wi-Fi and keys yet.
GIVEN = $(foreach word,$(MAKEOVERRIDES),$(if $(findstring =,$(word)),$(firstword $(subst =, ,$(word)))))
demo: setup
	.venv/bin/python -m tools.demo --board-port $(BOARD_PORT) --cloud-port $(CLOUD_PORT) $(if $(FROZEN),--frozen) \
		$(if $(FRESH),--fresh) $(if $(SCRIPT),--script "$(SCRIPT)") $(if $(DASHBOARD),--dashboard "$(DASHBOARD)") \
		--given $(GIVEN)

# Most tests wait more than they work. Those that measure how long a board stands still run with fewer beside, and
# have three tries: what a busy computer does is gone by then, what the board does is not.
TIMED = tests/link tests/bench tests/cloud tests/page/test_page_cost.py tests/board/test_network_memory.py
test: setup
	.venv/bin/ruff check .
	.venv/bin/python -m pytest -n 4 --dist loadfile $(TIMED:%=--ignore=%)
	.venv/bin/python -m pytest -n 2 --dist loadfile --reruns 2 --only-rerun AssertionError $(TIMED)

# What people do with the pages, all of it in Chromium, Firefox and WebKitGTK.
engines: setup
	ENGINES=all .venv/bin/python -m pytest -n 2 --dist loadfile tests/page tests/editor tests/setup

# As many histories as fit into MINUTES, from the seed FROM on: others each time; and so many MESSAGES to a board.
soak: setup
	.venv/bin/python -m tests.simulation --minutes $(MINUTES) --from $(FROM)
	.venv/bin/python -m tests.link.messages --count $(MESSAGES)

# A board among strangers for two minutes, on each kind of network, and a hundred power cuts.
siege: setup
	SIEGE_SECONDS=120 POWER_CUTS=100 .venv/bin/python -m pytest -s tests/link/test_siege.py \
		tests/link/test_visitors_that_misbehave.py tests/link/test_power_cut.py

# Inputs for all parsers of the board, others each time; one that is not stood is saved, and ends it with 1.
fuzz: setup
	.venv/bin/python tests/fuzz --minutes $(MINUTES) --seed $(FROM)

bench: setup
	.venv/bin/python -m tools.bench

web: setup
	.venv/bin/python -m tools.web

package: setup
	.venv/bin/python -m tools.package

picture: setup
	.venv/bin/python -m tools.pictures.demo
	.venv/bin/python -m tools.pictures.widgets
	.venv/bin/python -m tools.pictures.setup
	test ! -f bench.json || .venv/bin/python -m tools.pictures.growth

# SCRIPT=… becomes main.py, and stays it; DRY_RUN=1 only says what it would do; SECRETS=1 asks for the settings
# again; YES=1 answers yes; INDEX=… is where MicroPython's packages are, a server or a folder.
# HOST=board.local or an address: over the air, with the page's password from PASSWORD in the environment, from
# PASSWORD_FILE=… or as it is asked for.
deploy: setup
	.venv/bin/python -m tools.deploy $(PORT:%=--port %) $(SCRIPT:%=--script %) $(if $(DRY_RUN),--dry-run) \
		$(if $(SECRETS),--secrets) $(if $(YES),--yes) $(INDEX:%=--index %) \
		$(HOST:%=--host %) $(PASSWORD_FILE:%=--password-file %)

# MICROPYTHON=its sources PORT=esp32, rp2, stm32 or unix BOARD=…; VARIANT=… of the board; MAIN=1: with
# device/main.py; SCRIPT=…: with that as main.py.
firmware: setup
	.venv/bin/python -m tools.firmware --micropython "$(MICROPYTHON)" --port "$(PORT)" --board "$(BOARD)" \
		--variant "$(VARIANT)" $(if $(filter-out 0,$(MAIN)),--main) $(SCRIPT:%=--script %)
