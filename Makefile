# Every target sets up what it needs first; each line of work stands in scripts/.
PORT ?= 8000
export PORT

.PHONY: help run setup test check conformance bench lock messages clean

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 20

run: ## set up, load the demo, serve on 127.0.0.1:8000 (PORT=)
	@scripts/run.sh

setup: ## what `run` needs: OS packages, .venv, front-end assets, translations
	@scripts/setup.sh

test: ## every test: SQLite, PostgreSQL, browser, conformance
	@scripts/test.sh

check: ## lint, types, imports, templates, migrations, deployment, translations, spelling
	@scripts/check.sh

conformance: ## let veraPDF, DSS, poppler and qpdf judge our PDFs (ARGS=)
	@scripts/conformance.sh -n auto $(ARGS)

bench: ## the benchmarks, as a table and as JSON (ARGS=)
	@scripts/setup.sh dev
	@.venv/bin/python -m bench.run $(ARGS)

lock: ## pin the dependencies anew (ARGS=--upgrade for newer ones)
	@scripts/lock.sh $(ARGS)

messages: ## collect the texts to translate into locale/, and compile them
	@scripts/setup.sh dev
	@scripts/collect_messages.sh
	@scripts/compile_messages.sh

clean: ## take away all that was made, but for the data in var/
	@rm -rf .venv node_modules .make .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete
