package io.daypass.ledger;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Merkle tree over a list that only grows (RFC 9162, section 2.1), with SHA-256. Kept is its
 * right edge alone, the roots of its complete subtrees: enough to grow it and to tell its root at
 * any size. Not thread safe.
 */
public final class MerkleTree {

  private static final HexFormat HEX = HexFormat.of();
  private static final int HASH_DIGITS = 64;

  // The largest first.
  private final List<byte[]> edge = new ArrayList<>();
  private long size;

  /** A tree without leaves. */
  public MerkleTree() {}

  /**
   * A tree as it was when it had {@code size} leaves.
   *
   * @param edge what {@link #edge} said then
   * @throws IllegalArgumentException if a tree of that size has another edge
   */
  public static MerkleTree resume(long size, String edge) {
    var tree = new MerkleTree();
    tree.size = size;
    tree.edge.addAll(hashes(edge));
    if (tree.edge.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException("that is not the edge of a tree of " + size + " leaves");
    }
    return tree;
  }

  /** The hash of {@code entry} as a leaf. */
  public static byte[] leaf(byte[] entry) {
    return sha256((byte) 0, entry);
  }

  /** Adds leaves by their hashes, hex, one after the other. */
  public void addAll(String leaves) {
    hashes(leaves).forEach(this::add);
  }

  /** Adds a leaf by its hash. */
  public void add(byte[] leaf) {
    edge.add(leaf.clone());
    size++;
    // Two subtrees of one size are one of twice the size.
    for (var subtrees = size; subtrees % 2 == 0; subtrees /= 2) {
      var right = edge.removeLast();
      edge.add(sha256((byte) 1, edge.removeLast(), right));
    }
  }

  public long size() {
    return size;
  }

  /** The root hash, base64. */
  public String root() {
    var root = edge.isEmpty() ? sha256() : edge.getLast();
    for (var left : edge.reversed().stream().skip(1).toList()) {
      root = sha256((byte) 1, left, root);
    }
    return Base64.getEncoder().encodeToString(root);
  }

  /** The roots of the complete subtrees, the largest first, hex. */
  public String edge() {
    return edge.stream().map(HEX::formatHex).collect(Collectors.joining());
  }

  private static List<byte[]> hashes(String all) {
    var hashes = new ArrayList<byte[]>();
    for (var at = 0; at < all.length(); at += HASH_DIGITS) {
      hashes.add(HEX.parseHex(all, at, at + HASH_DIGITS));
    }
    return hashes;
  }

  private static byte[] sha256(byte kind, byte[]... parts) {
    var digest = digest();
    digest.update(kind);
    for (var part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  private static byte[] sha256() {
    return digest().digest();
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
