# Every command sets up what it needs first; `make setup` alone does only that.
PYTHON ?= python3
BOARD_PORT ?= 8080
CLOUD_PORT ?= 8090

.PHONY: setup demo test bench web picture
setup: .venv/ready

.venv/ready: tools/setup.sh tools/requirements.txt
	PYTHON=$(PYTHON) sh tools/setup.sh
	touch $@

demo: setup
	.venv/bin/python -m tools.demo --board-port $(BOARD_PORT) --cloud-port $(CLOUD_PORT)

test: setup
	.venv/bin/ruff check .
	.venv/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile

bench: setup
	.venv/bin/python -m tools.bench

web: setup
	.venv/bin/python -m tools.web

picture: setup
	.venv/bin/python -m tools.picture
	.venv/bin/python -m tools.pictures
