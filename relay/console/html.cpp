#include "relay/console/html.hpp"

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

void escape_into(std::string& out, std::string_view plain) {
  for (const char c : plain) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

// A path on this host and nothing that a browser would take for another.
bool is_own_path(std::string_view value) {
  return value.starts_with('/') && !value.starts_with("//") &&
         value.find('\\') == std::string_view::npos;
}

void put_attribute(std::string& out, const HtmlAttribute& attribute) {
  const auto name = attribute.name.text();
  CERTRELAY_CHECK(name != "style" && !name.starts_with("on"));
  if (name == "href" || name == "src" || name == "action") {
    CERTRELAY_CHECK(is_own_path(attribute.value) || attribute.value.starts_with('#'));
  }
  out.append(" ").append(name).append("=\"");
  escape_into(out, attribute.value);
  out += '"';
}

void put_start(std::string& out, HtmlName name, const HtmlAttributes& attributes) {
  out.append("<").append(name.text());
  for (const auto& attribute : attributes) put_attribute(out, attribute);
  out += '>';
}

}  // namespace

Markup text(std::string_view plain) {
  std::string out;
  escape_into(out, plain);
  return Markup(std::move(out));
}

Markup element(HtmlName name, const HtmlAttributes& attributes, const Markup& inside) {
  // What stands in a script or a style is not text: there is none here.
  CERTRELAY_CHECK(name.text() != "style" && (name.text() != "script" || inside.empty()));
  std::string out;
  put_start(out, name, attributes);
  out += inside.bytes();
  out.append("</").append(name.text()).append(">");
  return Markup(std::move(out));
}

Markup void_element(HtmlName name, const HtmlAttributes& attributes) {
  std::string out;
  put_start(out, name, attributes);
  return Markup(std::move(out));
}

Markup document(std::string_view language, const Markup& head, const Markup& body) {
  const auto html = element("html", {{"lang", std::string(language)}},
                            element("head", head) + element("body", body));
  return Markup("<!DOCTYPE html>\n" + html.bytes() + "\n");
}

}  // namespace certrelay
