package dev.slipway.tree;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where something is in a tree: names joined by {@code /}, relative to the tree's root, as bytes.
 * There are no empty names, no {@code .} and no {@code ..} in it. Ordered so that a directory comes
 * right before everything below it.
 */
public final class TreePath implements Comparable<TreePath> {
  /** The root of the tree itself. */
  public static final TreePath ROOT = new TreePath(ByteString.of(""));

  private final ByteString path;

  private TreePath(ByteString path) {
    this.path = path;
  }

  /** The path of this text, see {@link #of(byte[])}. */
  public static TreePath of(String path) {
    return of(path.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Normalises a path as it stands in archives: leading, doubled and trailing slashes and {@code .}
   * are dropped.
   *
   * @throws TreeException when it holds {@code ..} or a zero byte
   */
  public static TreePath of(byte[] raw) {
    ByteArrayOutputStream path = new ByteArrayOutputStream(raw.length);
    int start = 0;
    for (int i = 0; i <= raw.length; i++) {
      if (i < raw.length && raw[i] == 0) {
        throw new TreeException("The path " + ByteString.of(raw) + " holds a zero byte.");
      }
      if (i == raw.length || raw[i] == '/') {
        int length = i - start;
        boolean dot = length == 1 && raw[start] == '.';
        if (length == 2 && raw[start] == '.' && raw[start + 1] == '.') {
          throw new TreeException(
              "The path " + ByteString.of(raw) + " leads out of the tree by \"..\".");
        }
        if (length > 0 && !dot) {
          if (path.size() > 0) {
            path.write('/');
          }
          path.write(raw, start, length);
        }
        start = i + 1;
      }
    }
    return new TreePath(ByteString.of(path.toByteArray()));
  }

  /** Whether this is the root. */
  public boolean isRoot() {
    return path.length() == 0;
  }

  /** The directory it is in; the root's is the root. */
  public TreePath parent() {
    int slash = lastSlash();
    return slash < 0 ? ROOT : new TreePath(path.slice(0, slash));
  }

  /** The last name; empty for the root. */
  public ByteString name() {
    return path.slice(lastSlash() + 1, path.length());
  }

  private int lastSlash() {
    int i = path.length() - 1;
    while (i >= 0 && path.at(i) != '/') {
      i--;
    }
    return i;
  }

  /** The path of a name (or several) below this one. */
  public TreePath resolve(String below) {
    return resolve(ByteString.of(below));
  }

  /** The path of a name (or several) below this one. */
  public TreePath resolve(ByteString below) {
    byte[] name = below.toBytes();
    byte[] joined = new byte[path.length() + 1 + name.length];
    System.arraycopy(path.toBytes(), 0, joined, 0, path.length());
    joined[path.length()] = '/';
    System.arraycopy(name, 0, joined, path.length() + 1, name.length);
    return of(joined);
  }

  /** Whether this is the other path or below it. */
  public boolean startsWith(TreePath ancestor) {
    if (ancestor.isRoot() || equals(ancestor)) {
      return true;
    }
    int length = ancestor.path.length();
    return path.length() > length
        && path.at(length) == '/'
        && path.slice(0, length).equals(ancestor.path);
  }

  /** Its names, from the top; none for the root. */
  List<ByteString> names() {
    List<ByteString> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= path.length(); i++) {
      if (i == path.length() || path.at(i) == '/') {
        if (i > start) {
          names.add(path.slice(start, i));
        }
        start = i + 1;
      }
    }
    return names;
  }

  /** How many bytes its longest name has. */
  int longestName() {
    return names().stream().mapToInt(ByteString::length).max().orElse(0);
  }

  /** The whole path as bytes, without a leading slash; empty for the root. */
  public ByteString bytes() {
    return path;
  }

  /** Escaped like {@link ByteString#toString}; {@code .} for the root. */
  @Override
  public String toString() {
    return isRoot() ? "." : path.toString();
  }

  @Override
  public int compareTo(TreePath other) {
    int common = Math.min(path.length(), other.path.length());
    for (int i = 0; i < common; i++) {
      int a = rank(path.at(i));
      int b = rank(other.path.at(i));
      if (a != b) {
        return a - b;
      }
    }
    return path.length() - other.path.length();
  }

  // The slash sorts before every other byte: a, a/b, a-b.
  private static int rank(byte b) {
    return b == '/' ? -1 : b & 0xff;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreePath that && path.equals(that.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }
}
