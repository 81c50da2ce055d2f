// Goal: no text becomes markup. Method: what people and the wire may say, and what must not compile
// into an address.
#include "relay/console/html.hpp"

#include <gtest/gtest.h>

namespace certrelay {
namespace {

TEST(Html, TextIsEscapedWhereverItStands) {
  EXPECT_EQ(text("<b>&\"'").bytes(), "&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(element("p", "<script>").bytes(), "<p>&lt;script&gt;</p>");
  EXPECT_EQ(element("p", {{"title", "\"><x"}}, "a").bytes(), "<p title=\"&quot;&gt;&lt;x\">a</p>");
  EXPECT_EQ(void_element("input", {{"value", "' onfocus='x"}}).bytes(),
            "<input value=\"&#39; onfocus=&#39;x\">");
}

TEST(Html, MarkupNests) {
  const auto inside = element("li", "a") + element("li", "b");
  EXPECT_EQ(element("ul", inside).bytes(), "<ul><li>a</li><li>b</li></ul>");
  EXPECT_EQ(document("ja", Markup(), inside).bytes(),
            "<!DOCTYPE html>\n<html lang=\"ja\"><head></head><body><li>a</li><li>b</li></body>"
            "</html>\n");
}

TEST(HtmlDeathTest, AnAddressLeadsToThisHostAlone) {
  for (const auto* address : {"javascript:alert(1)", "//evil.example/", "https://evil.example/",
                              "/\\evil.example", "data:text/html,x"}) {
    EXPECT_DEATH(static_cast<void>(element("a", {{"href", address}}, "x")), "") << address;
  }
  EXPECT_EQ(element("a", {{"href", "/today"}}, "x").bytes(), "<a href=\"/today\">x</a>");
}

TEST(HtmlDeathTest, NoStyleAndNoHandlerIsWritten) {
  EXPECT_DEATH(static_cast<void>(element("p", {{"style", "x"}}, "x")), "");
  EXPECT_DEATH(static_cast<void>(element("p", {{"onclick", "x"}}, "x")), "");
  EXPECT_DEATH(static_cast<void>(element("script", "alert(1)")), "");
}

}  // namespace
}  // namespace certrelay
