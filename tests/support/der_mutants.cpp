#include "tests/support/der_mutants.hpp"

#include <array>
#include <cstdlib>
#include <string_view>

#include "relay/identity/der.hpp"
#include "tests/support/test_pki.hpp"

namespace certrelay {
namespace {

struct Place {
  std::size_t tag, length, content, end;
  bool primitive;
};

// Every TLV in `bytes` from `begin` on, inner ones too, wherever the content reads as DER.
void find_places(const Bytes& bytes, std::size_t begin, std::size_t end, std::vector<Place>& out) {
  while (begin < end) {
    DerReader in(ByteView(bytes).subspan(begin, end - begin), ErrorCode::kMalformed);
    DerValue value;
    if (!in.read(value)) return;
    const auto content = begin + value.whole.size() - value.content.size();
    const auto stop = begin + value.whole.size();
    const auto at = out.size();
    out.push_back({begin, begin + 1, content, stop, true});
    find_places(bytes, value.tag == 0x03 ? content + 1 : content, stop, out);
    out[at].primitive = out.size() == at + 1;
    begin = stop;
  }
}

constexpr std::array<std::uint8_t, 6> kTagMasks{0x01, 0x02, 0x20, 0x40, 0x80, 0x1F};
constexpr std::array<std::uint8_t, 7> kLengths{0x00, 0x01, 0x7F, 0x80, 0x81, 0x84, 0xFF};
constexpr std::array<std::uint8_t, 3> kValueMasks{0x01, 0x80, 0xFF};
constexpr std::array<std::uint8_t, 21> kTags{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C,
                                             0x13, 0x16, 0x17, 0x18, 0x1E, 0x30, 0x31,
                                             0x80, 0x81, 0x82, 0x86, 0xA0, 0xA1, 0xA4};

// A value as a tree: the content of a constructed one, or of a string that holds DER, is read.
struct Node {
  std::uint8_t tag = 0;
  Bytes before{};  // octets in front of the children: a BIT STRING's count of unused bits
  Bytes content{};
  std::vector<Node> children{};
};

bool read_nodes(ByteView bytes, std::vector<Node>& out) {
  DerReader in(bytes, ErrorCode::kMalformed);
  while (!in.at_end()) {
    DerValue value;
    if (!in.read(value)) return false;
    Node node{.tag = value.tag};
    auto inner = value.content;
    if (value.tag == 0x03 && !inner.empty()) {
      node.before = {inner[0]};
      inner = inner.subspan(1);
    }
    const bool may_hold = (value.tag & 0x20) != 0 || value.tag == 0x03 || value.tag == 0x04;
    if (!may_hold || inner.empty() || !read_nodes(inner, node.children)) {
      node.children.clear();
      node.content.assign(inner.begin(), inner.end());
    }
    out.push_back(std::move(node));
  }
  return true;
}

Bytes write_node(const Node& node) {
  std::vector<Bytes> parts{node.before, node.content};
  for (const auto& child : node.children) parts.push_back(write_node(child));
  return der_of(node.tag, parts);
}

// Lengths in a longer form than DER has; only the value itself, as raw octets of its parent.
Bytes in_long_form(const Node& node) {
  auto whole = write_node(node);
  if (whole[1] < 0x80) {
    whole.insert(whole.begin() + 1, 0x81);
  } else {
    whole[1] = static_cast<std::uint8_t>(whole[1] + 1);
    whole.insert(whole.begin() + 2, 0x00);
  }
  return whole;
}

// BER's indefinite length.
Bytes in_open_form(const Node& node) {
  Bytes out{node.tag, 0x80};
  for (const auto& child : node.children) {
    const auto whole = write_node(child);
    out.insert(out.end(), whole.begin(), whole.end());
  }
  out.insert(out.end(), {0x00, 0x00});
  return out;
}

// Every way in which the children of a value can be changed, each once.
class TreeMutator {
 public:
  TreeMutator(Node& root, std::vector<Bytes>& out) : root_(root), out_(out) {}

  void mutate(Node& parent) {
    for (std::size_t i = 0; i < parent.children.size(); ++i) {
      change_row(parent, i);
      change_value(parent.children[i]);
      respell(parent, i);
      mutate(parent.children[i]);
    }
  }

 private:
  void write() { out_.push_back(write_node(root_.children.at(0))); }

  void change_row(Node& parent, std::size_t i) {
    const auto kept = parent.children;
    const auto at = [&](std::size_t n) {
      return parent.children.begin() + static_cast<std::ptrdiff_t>(n);
    };
    parent.children.erase(at(i));
    if (&parent != &root_) write();
    parent.children = kept;
    parent.children.insert(at(i), kept[i]);
    if (&parent != &root_) write();
    parent.children = kept;
    if (i + 1 < kept.size()) {
      std::swap(parent.children[i], parent.children[i + 1]);
      write();
    }
    parent.children = kept;
  }

  void change_value(Node& node) {
    const auto kept = node;
    for (const auto tag : kTags) {
      if (tag == kept.tag) continue;
      node.tag = tag;
      write();
    }
    node = kept;
    node.children.clear();
    node.content.clear();
    node.before.clear();
    write();
    node = kept;
    node.content.insert(node.content.begin(), 0x00);
    write();
    node.content[0] = 0xFF;
    write();
    node = kept;
    node.children.push_back({.tag = 0x05});
    write();
    node.children.back() = {.tag = 0x30};
    write();
    node = kept;
    if (!node.before.empty()) {
      node.before = {0x07};
      write();
    }
    node = kept;
  }

  // The child's own octets stand in the parent's content, in the place where it was the only child
  // or the last one; elsewhere order would change with them.
  void respell(Node& parent, std::size_t i) {
    if (i + 1 != parent.children.size() || &parent == &root_) return;
    const auto kept = parent;
    const auto with = [&](const Bytes& octets) {
      Bytes content = parent.content;
      for (std::size_t n = 0; n < i; ++n) {
        const auto whole = write_node(kept.children[n]);
        content.insert(content.end(), whole.begin(), whole.end());
      }
      content.insert(content.end(), octets.begin(), octets.end());
      parent.children.clear();
      parent.content = content;
      write();
      parent = kept;
    };
    with(in_long_form(kept.children[i]));
    if (!kept.children[i].children.empty()) with(in_open_form(kept.children[i]));
  }

  Node& root_;
  std::vector<Bytes>& out_;
};

}  // namespace

std::vector<Bytes> octet_mutants(const Bytes& bytes, bool every_octet) {
  std::vector<Place> places;
  find_places(bytes, 0, bytes.size(), places);
  std::vector<Bytes> out;
  const auto change = [&](std::size_t at, std::uint8_t to) {
    if (at >= bytes.size() || bytes[at] == to) return;
    auto mutant = bytes;
    mutant[at] = to;
    out.push_back(std::move(mutant));
  };
  const auto flip = [&](std::size_t at, std::uint8_t mask) { change(at, bytes[at] ^ mask); };
  for (const auto& place : places) {
    for (const auto mask : kTagMasks) flip(place.tag, mask);
    for (const auto to : kLengths) change(place.length, to);
    change(place.length, static_cast<std::uint8_t>(bytes[place.length] + 1));
    change(place.length, static_cast<std::uint8_t>(bytes[place.length] - 1));
    if (place.content == place.end) continue;
    const bool all = every_octet && place.primitive;
    for (std::size_t at = place.content; all && at < place.end; ++at) {
      for (unsigned bit = 1; bit < 0x100; bit <<= 1) flip(at, static_cast<std::uint8_t>(bit));
    }
    for (const auto mask : kValueMasks) {
      flip(place.content, mask);
      flip(place.end - 1, mask);
      flip((place.content + place.end) / 2, mask);
    }
  }
  return out;
}

std::vector<Bytes> tree_mutants(const Bytes& der) {
  Node root;
  std::vector<Bytes> out;
  if (!read_nodes(der, root.children) || root.children.size() != 1) return out;
  TreeMutator(root, out).mutate(root);
  std::erase(out, der);
  return out;
}

std::vector<Bytes> mutants_of(const Bytes& der) {
  const char* mode = std::getenv("CERTRELAY_MUTANTS");
  auto out = octet_mutants(der, mode != nullptr && std::string_view(mode) == "long");
  for (auto& mutant : tree_mutants(der)) out.push_back(std::move(mutant));
  return out;
}

}  // namespace certrelay
