package io.daypass.app;

import io.daypass.cloud.Cloud;
import io.daypass.cloud.Console;
import io.daypass.identity.IdentityVerifier;
import io.daypass.identity.Kind;
import io.daypass.identity.PollVerifier;
import io.daypass.identity.TrustedIssuer;
import io.daypass.issuance.Coverage;
import io.daypass.issuance.Issuance;
import io.daypass.issuance.Recognition;
import io.daypass.issuance.RefusedErrands;
import io.daypass.issuance.Waiting;
import io.daypass.ledger.Strangers;
import io.daypass.policy.Policies;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.Offices;
import io.daypass.request.People;
import io.daypass.request.RequestDesk;
import io.daypass.request.RequestDraft;
import io.daypass.request.RequestReader;
import io.daypass.request.Standing;
import io.daypass.request.SuspensionDesk;
import io.daypass.settings.IssuerSettings;
import io.daypass.settings.Settings;
import io.daypass.web.Limits;
import io.daypass.web.Metrics;
import io.daypass.web.Route;
import io.daypass.web.api.Aftermath;
import io.daypass.web.api.Api;
import io.daypass.web.api.Cursors;
import io.daypass.web.api.Door;
import io.daypass.web.api.Known;
import io.daypass.web.api.LedgerReading;
import io.daypass.web.api.Refusals;
import io.daypass.web.api.RequestActs;
import io.daypass.web.api.RequestListing;
import io.daypass.web.compat.Compat;
import io.daypass.web.pages.Pages.Behind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What callers reach: the use cases, and the routes that lead to them. */
record Faces(
    Settings settings,
    Stores stores,
    Supplier<Policies> policies,
    IdentityVerifier verifier,
    Pages pages,
    List<Cloud> clouds,
    Console console,
    RandomIds ids) {

  List<Route> routes(Offices offices, Metrics metrics) {
    var requests = stores.requests();
    var people = new People(requests);
    var draft = new RequestDraft(ids::request, settings.requests().lapseAfter());
    var approvals = new ApprovalDesk(requests, policies, stepUp(), people);
    var reader = new RequestReader(requests, approvals, offices);
    var desk = new RequestDesk(requests, policies, draft, reader);
    var limits = new Limits(settings.limits(), System::nanoTime);
    var strangers = new UnwrittenRefusals(limits, metrics, workloads());
    var issuance = issuance(draft, strangers);
    var door = door(people, limits);
    var aftermath = new Aftermath(settings.clouds().aws().revoker() == null ? null : stores.cuts());
    var recognition = new Recognition(stores.ledger(), requests, stores.clock());
    var cursors = new Cursors(DerivedKey.of(settings, "cursors"));
    var refusals = new Refusals(stores.ledger(), policies, strangers);
    var listing = new RequestListing(reader, cursors);
    var reading =
        new LedgerReading(stores.ledger(), offices, cursors, refusals, limits, stores.clock());
    var routes =
        new ArrayList<>(
            Compat.routes(
                door,
                new Compat.Behind(
                    issuance, recognition, policies, aftermath, settings.publicUrl())));
    routes.addAll(
        Api.routes(
            door,
            new Api.Desks(desk, approvals, reader, new SuspensionDesk(requests, offices)),
            new Api.Knowledge(policies, aftermath, offices, known()),
            new Api.Issuing(
                issuance, stores.ledger(), refusals, stores.checkpoints(), settings.publicUrl()),
            new Api.Reading(listing, reading)));
    var acts = new RequestActs(desk, approvals, reader, refusals, stores.clock());
    routes.addAll(
        pages.routes(
            limits,
            people::seen,
            new Behind(
                reader,
                approvals,
                acts,
                policies,
                aftermath,
                stores.ledger(),
                stores.checkpoints(),
                listing,
                reading,
                issuance,
                limits,
                stores.clock(),
                ids::trace)));
    return routes;
  }

  private Issuance issuance(RequestDraft draft, Strangers strangers) {
    var waiting = new Waiting(stores.requests(), stores.polls(), ids::pollToken);
    var errands = new RefusedErrands(stores.ledger(), policies, strangers);
    var coverage = new Coverage(stores.requests(), policies, draft, waiting, errands);
    return new Issuance(coverage, stores.ledger(), clouds, console);
  }

  private Door door(People people, Limits limits) {
    var polls = new PollVerifier(stores.polls(), workloads());
    return new Door(verifier::verify, polls, people::seen, limits, stores.clock());
  }

  private Set<String> workloads() {
    return settings.issuers().stream()
        .map(IssuerSettings::trusted)
        .filter(issuer -> issuer.kind() == Kind.WORKLOAD)
        .map(TrustedIssuer::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Known known() {
    var issuers = settings.issuers().stream().map(issuer -> issuer.trusted().name()).toList();
    return new Known(issuers, id -> stores.requests().standing(id).map(Standing::identity));
  }

  private ApprovalDesk.StepUp stepUp() {
    var asked = settings.requests();
    return new ApprovalDesk.StepUp(asked.signInMaxAge(), asked.signInStrength());
  }
}
