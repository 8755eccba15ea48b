package io.daypass.web.pages;

import io.daypass.issuance.Issuance;
import io.daypass.ledger.CheckpointStore;
import io.daypass.ledger.Ledger;
import io.daypass.policy.Policies;
import io.daypass.request.ApprovalDesk;
import io.daypass.request.RequestReader;
import io.daypass.web.Limits;
import io.daypass.web.Route;
import io.daypass.web.api.Aftermath;
import io.daypass.web.api.LedgerReading;
import io.daypass.web.api.RequestActs;
import io.daypass.web.api.RequestListing;
import io.daypass.web.api.RoleBook;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The pages that engineers, approvers and auditors use. They show; what counts is decided behind
 * them.
 */
public final class Pages {

  private Pages() {}

  /**
   * What the pages show, and where what is done there is done.
   *
   * @param listing of requests, as over the API
   * @param clock the database's
   * @param keys random marks of forms: 1 to 64 printable ASCII characters
   */
  public record Behind(
      RequestReader reader,
      ApprovalDesk approvals,
      RequestActs acts,
      Supplier<Policies> policies,
      Aftermath aftermath,
      Ledger ledger,
      CheckpointStore checkpoints,
      RequestListing listing,
      LedgerReading reading,
      Issuance issuance,
      Limits limits,
      InstantSource clock,
      Supplier<String> keys) {}

  /** All routes, for who is signed in; the stylesheet and the icon for everybody. */
  public static List<Route> routes(Visitors visitors, Templates templates, Behind behind) {
    var clock = behind.clock();
    var reader = behind.reader();
    var book = new RoleBook(behind.policies(), behind.aftermath());
    var mayDo = new MayDo(behind.approvals(), reader, behind.policies(), behind.keys());
    var facts =
        new RequestFacts(
            behind.approvals(), behind.policies(), behind.aftermath(), behind.ledger());
    var main = new MainPage(templates, reader, book, mayDo, clock);
    var request = new RequestPage(templates, reader, facts, mayDo, clock);
    var opening = new RequestForms.Opening(reader, behind.issuance(), behind.limits(), clock);
    var routes = new ArrayList<>(templates.routes());
    routes.add(visitors.page("/", main::of));
    var requests = new RequestsPage(templates, behind.listing(), clock);
    routes.add(visitors.page("/requests", requests::of, RequestListing.parameters()));
    routes.add(visitors.page("/requests/{id}", request::of, RequestPage.LOOK));
    var entries = new LedgerPage(templates, behind.reading(), behind.checkpoints(), clock);
    routes.add(visitors.page(LedgerPage.PATH, entries::of, LedgerPage.parameters()));
    routes.addAll(new RequestForms(visitors, templates, request, behind.acts(), opening).routes());
    routes.addAll(
        new RolePages(visitors, templates, book, behind.acts(), clock, behind.keys()).routes());
    return routes;
  }
}
