# Every target runs Maven on JDK 25, so that the formatter (which runs in Maven's own JVM) always checks.
SHELL := /bin/sh
JAVA_HOME := $(shell sh src/main/launcher/bin/find-java 25 2>/dev/null)
export JAVA_HOME
MVN := mvn -B -ntp -Dstyle.color=never

.PHONY: help test format
help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

test: java ## everything: unit, architecture, integration, end to end, formatting
	$(MVN) verify

format: java ## formats all Java sources
	$(MVN) spotless:apply

.PHONY: java
java:
	@test -n "$(JAVA_HOME)" || { echo "daypass: error: no JDK 25 found" >&2; echo "daypass: hint: install a JDK 25 and set JAVA_HOME to it" >&2; exit 1; }
