# Every target runs Maven on JDK 25, so that the formatter (which runs in Maven's own JVM) always checks.
SHELL := /bin/sh
JAVA_HOME := $(shell sh src/main/launcher/bin/find-java 25 2>/dev/null)
export JAVA_HOME
MVN := mvn -B -ntp -Dstyle.color=never

.PHONY: help test format
help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

test: java ## everything: unit, architecture, integration, end to end, formatting
	@rm -rf target/left-out
	@echo "$(MVN) verify"; $(MVN) verify; code=$$?; \
	  if [ -d target/left-out ]; then \
	    echo "daypass: left out (DAYPASS_TESTS=all makes it a failure where a tool is missing):"; \
	    cat target/left-out/* | sort | uniq -c; \
	  fi; exit $$code

format: java ## formats all Java sources
	$(MVN) spotless:apply

.PHONY: java
java:
	@test -n "$(JAVA_HOME)" || { echo "daypass: error: no JDK 25 found" >&2; echo "daypass: hint: install a JDK 25 and set JAVA_HOME to it" >&2; exit 1; }

SANDBOX = $(JAVA_HOME)/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp target/test-classes:target/classes:$$(cat target/sandbox.classpath)
BUILT := target/daypass/bin/daypass

# Built when something it is made of is newer; tests and formatting are `make test`'s.
$(BUILT): pom.xml $(shell find src -type f 2>/dev/null)
	@$(MAKE) --no-print-directory java
	$(MVN) -q package -DskipTests -Dspotless.check.skip -Dcyclonedx.skip
	@touch $(BUILT)

# What a JVM learns of the service in a short training, kept for its next starts. Made for one exact
# JVM, so it is not part of what `make dist` packs; without it the service starts all the same. Its name
# has the build that it was made of, so that it is no other's.
CACHE := target/trained
$(CACHE): $(BUILT)
	@rm -f $@ target/daypass/lib/service-*.aot
	@cache=$(CURDIR)/target/daypass/lib/service-$$(cat target/daypass/lib/build).aot; \
	  DAYPASS_JAVA_OPTS=-XX:AOTCacheOutput=$$cache $(SANDBOX) io.daypass.sandbox.bench.TrainingMain $(BUILT) \
	  > target/training.log 2>&1 && [ -s "$$cache" ] && touch $@ || echo "no start-up cache was made; see target/training.log"

.PHONY: run demo bench mutants dist clean
run: java $(BUILT) $(CACHE) ## the broker with its sandbox on http://localhost:8080
	@exec $(SANDBOX) io.daypass.sandbox.SandboxMain

demo: java $(BUILT) $(CACHE) ## the walk from request to ledger, shown with its real output
	@exec $(SANDBOX) io.daypass.sandbox.demo.DemoMain

# Short pauses only, or the clients' own would be the slowest that they measure.
bench: SANDBOX += -XX:+UseSerialGC -XX:+UseTransparentHugePages -Xms1g -Xmx1g -Xmn256m
bench: java $(BUILT) $(CACHE) ## measures this machine, and the broker on it
	@exec $(SANDBOX) io.daypass.sandbox.bench.BenchMain

mutants: java ## mutation tests of policy, identity and issuance
	$(MVN) test-compile org.pitest:pitest-maven:mutationCoverage

dist: java ## packs the launcher, its libraries and what is to be read into target/daypass.tar.gz
	$(MVN) -q package -DskipTests -Dspotless.check.skip
	cp -R LICENSE README.md CHANGELOG.md SECURITY.md docs ci deploy terraform policies target/daypass-sbom.json target/daypass/
	tar -C target --exclude='*.aot*' --exclude=.terraform -czf target/daypass.tar.gz --sort=name --mode=a+rX,go-w --owner=0 --group=0 --numeric-owner --mtime=@1793491200 daypass
	@touch $(BUILT) # the jars are new ones, which the cache was not made for
	@echo target/daypass.tar.gz

clean: ## removes what was built
	rm -rf target
