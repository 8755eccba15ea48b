package io.daypass.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How the entries of every store are read. */
public abstract class LedgerPagesContract extends LedgerStoreFixture {

  @Test
  void e5_each_entry_carries_the_digest_of_its_bytes() throws Exception {
    intended(grant());
    for (var entry : all()) {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(entry.canonical().getBytes(StandardCharsets.UTF_8));
      assertThat(entry.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
      assertThat(entry.canonical()).contains(entry.kind(), "\"number\": " + entry.number());
    }
  }

  @Test
  void entries_are_read_in_order_a_page_at_a_time() {
    var request = grant();
    intended(request);
    ledger().append(Entry.ofBroker(EntryKind.POLICY_LOADED, Map.of("digest", "abc")));
    ledger().append(byBob(EntryKind.LEDGER_READ));
    var read = new ArrayList<WrittenEntry>();
    var after = 0L;
    while (true) {
      var page = store().read(new LedgerQuery(null, null, null, null, null, after, 2));
      read.addAll(page);
      if (page.size() < 2) {
        break;
      }
      after = page.getLast().number();
    }
    assertThat(read).isEqualTo(all());
    assertThat(read).extracting(WrittenEntry::number).isSorted();
    assertThat(read).extracting(WrittenEntry::kind).endsWith("policy_loaded", "ledger_read");
  }

  @Test
  void the_same_is_read_newest_first_as_well() {
    intended(grant());
    ledger().append(byBob(EntryKind.LEDGER_READ));
    var read = new ArrayList<WrittenEntry>();
    var order = LedgerQuery.Order.NEWEST_FIRST;
    var before = order.start();
    while (true) {
      var page = store().read(new LedgerQuery(null, null, null, null, null, order, before, 2));
      read.addAll(page);
      if (page.size() < 2) {
        break;
      }
      before = page.getLast().number();
    }
    assertThat(read).isEqualTo(all().reversed()).isNotEmpty();
    var byBob = new LedgerQuery(null, null, "bob", null, null, order, order.start(), 9);
    assertThat(store().read(byBob)).extracting(WrittenEntry::kind).containsExactly("ledger_read");
  }

  @Test
  void a_page_of_large_entries_ends_by_their_bytes_and_no_entry_is_missed_or_read_twice() {
    var lengths = IntStream.range(0, 400).mapToObj(i -> i * 37 % 160 * 100).toList();
    lengths.forEach(length ->
        ledger()
            .append(Entry.ofBroker(EntryKind.POLICY_LOADED, Map.of("what", "x".repeat(length)))));
    for (var order : LedgerQuery.Order.values()) {
      for (var limit : new int[] {150, 5000}) {
        var numbers = read(null, order, limit);
        var sorted = numbers.stream().distinct().sorted().toList();
        assertThat(sorted).hasSize(400);
        assertThat(numbers)
            .isEqualTo(order == LedgerQuery.Order.OLDEST_FIRST ? sorted : sorted.reversed());
      }
      assertThat(read("none", order, 5000)).isEmpty();
    }
    var first = store().read(new LedgerQuery(null, null, null, null, null, 0, 5000));
    assertThat(first).hasSizeLessThan(400);
    assertThat(first.stream().mapToLong(WrittenEntry::bytes).sum())
        .isBetween(LedgerQuery.BYTES, LedgerQuery.BYTES + 20_000);
  }

  /** The numbers of all entries, page by page. */
  private List<Long> read(@Nullable String role, LedgerQuery.Order order, int limit) {
    var read = new ArrayList<Long>();
    var beyond = order.start();
    while (true) {
      var query = new LedgerQuery(null, role, null, null, null, order, beyond, limit);
      var page = store().read(query);
      page.forEach(entry -> read.add(entry.number()));
      if (!query.isFilledBy(page)) {
        return read;
      }
      beyond = page.getLast().number();
    }
  }

  @Test
  void entries_are_found_by_what_they_are_about() {
    var request = grant();
    intended(request);
    intended(grant());
    ledger().append(byBob(EntryKind.LEDGER_READ));
    var query = new LedgerQuery(null, null, null, null, request.id(), 0, 100);
    assertThat(ledger().read(query)).allMatch(e -> request.id().equals(e.request())).isNotEmpty();
    assertThat(store().read(new LedgerQuery(null, null, null, "intent", null, 0, 100))).hasSize(2);
    assertThat(store().read(new LedgerQuery(null, "now", null, "intent", null, 0, 100))).hasSize(2);
    assertThat(store().read(new LedgerQuery(null, "other", null, null, null, 0, 100))).isEmpty();
    assertThat(store().read(new LedgerQuery(null, null, "bob", null, null, 0, 100))).hasSize(1);
    assertThat(store().read(new LedgerQuery(null, null, "staff bob", null, null, 0, 9))).hasSize(1);
    assertThat(store().read(new LedgerQuery(null, null, "other bob", null, null, 0, 9))).isEmpty();
    var before = new LedgerQuery(now().minusSeconds(60), null, null, null, null, 0, 100);
    assertThat(store().read(before)).isEqualTo(all());
    var after = new LedgerQuery(now().plusSeconds(60), null, null, null, null, 0, 100);
    assertThat(store().read(after)).isEmpty();
  }
}
