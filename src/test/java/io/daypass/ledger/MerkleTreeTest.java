package io.daypass.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

  private static final HexFormat HEX = HexFormat.of();

  // The entries and roots that Certificate Transparency's implementations are tested with.
  private static final List<String> ENTRIES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");
  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  private static byte[] leaf(int entry) {
    return MerkleTree.leaf(HEX.parseHex(ENTRIES.get(entry)));
  }

  private static MerkleTree of(int size) {
    var tree = new MerkleTree();
    for (var entry = 0; entry < size; entry++) {
      tree.add(leaf(entry));
    }
    return tree;
  }

  @Test
  void the_root_of_each_size_is_that_of_rfc_9162() {
    for (var size = 0; size <= ENTRIES.size(); size++) {
      var root = HEX.formatHex(Base64.getDecoder().decode(of(size).root()));
      assertThat(root).as("of %d", size).isEqualTo(ROOTS.get(size));
    }
  }

  @Test
  void a_tree_goes_on_from_its_edge_as_if_it_had_never_stopped() {
    for (var size = 0; size <= ENTRIES.size(); size++) {
      var tree = MerkleTree.resume(size, of(size).edge());
      var rest = new StringBuilder();
      for (var entry = size; entry < ENTRIES.size(); entry++) {
        rest.append(HEX.formatHex(leaf(entry)));
      }
      tree.addAll(rest.toString());
      assertThat(tree.size()).isEqualTo(ENTRIES.size());
      assertThat(tree.root()).isEqualTo(of(ENTRIES.size()).root());
      assertThat(tree.edge()).isEqualTo(of(ENTRIES.size()).edge());
    }
  }

  @Test
  void an_edge_of_another_size_is_refused() {
    var edge = of(7).edge();
    assertThatThrownBy(() -> MerkleTree.resume(8, edge))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MerkleTree.resume(7, edge.substring(2)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
