// The only way to HTML here: names are literals that the compiler checks, values are escaped by
// where they stand, and markup is a type of its own. A text cannot become markup by mistake.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace certrelay {

// A literal of [a-zA-Z0-9-]: what an element or an attribute may be called.
class HtmlName {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant to be written as one
  consteval HtmlName(const char* literal) : text_(literal) {
    for (const char c : text_) {
      const bool plain =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
      if (!plain) throw "not a name of HTML";
    }
  }
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

struct HtmlAttribute {
  HtmlName name;
  std::string value;  // any text: it is escaped
};
using HtmlAttributes = std::vector<HtmlAttribute>;

// Markup that is safe to show: made by the functions below alone.
class Markup {
 public:
  Markup() = default;
  const std::string& bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  Markup& operator+=(const Markup& more) {
    bytes_ += more.bytes_;
    return *this;
  }
  friend Markup operator+(Markup a, const Markup& b) { return a += b; }

 private:
  explicit Markup(std::string bytes) : bytes_(std::move(bytes)) {}
  friend Markup text(std::string_view);
  friend Markup element(HtmlName, const HtmlAttributes&, const Markup&);
  friend Markup void_element(HtmlName, const HtmlAttributes&);
  friend Markup document(std::string_view, const Markup&, const Markup&);
  std::string bytes_;
};

// Any UTF-8; the five characters that mean something become references.
Markup text(std::string_view plain);
// Precondition: an attribute that is followed as an address (href, src, action) is a path on this
// host, and none is a style or an event handler (CHECK).
Markup element(HtmlName name, const HtmlAttributes& attributes, const Markup& inside);
inline Markup element(HtmlName name, const HtmlAttributes& attributes, std::string_view inside) {
  return element(name, attributes, text(inside));
}
inline Markup element(HtmlName name, std::string_view inside) {
  return element(name, {}, text(inside));
}
inline Markup element(HtmlName name, const char* inside) { return element(name, {}, text(inside)); }
inline Markup element(HtmlName name, const Markup& inside) { return element(name, {}, inside); }
// input, meta, link: without an end tag.
Markup void_element(HtmlName name, const HtmlAttributes& attributes);
// The whole page.
Markup document(std::string_view language, const Markup& head, const Markup& body);

}  // namespace certrelay
