#include "tests/support/render_samples.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "protocol/base/check.hpp"
#include "protocol/base/utf8.hpp"
#include "render/builtin_forms.hpp"

namespace certrelay {
namespace {

PersonalText text(const char* value) { return PersonalText(value); }
TextCell cell(const char* value) { return TextCell::of(PersonalText(value)); }
TextCell omitted() { return TextCell::of(CellState::kOmitted); }
RegisterDate day(const char* iso) { return RegisterDate::parse(iso).value(); }
DateCell date(const char* iso) { return DateCell::of(day(iso)); }

std::string tag_of(std::size_t index) {
  return std::string(42, 'A') + static_cast<char>('a' + static_cast<char>(index));
}

PrintedPerson japanese() {
  PrintedPerson p;
  p.items = JapaneseItems{{}, {}, omitted(), omitted()};
  p.individual_number = omitted();
  p.name = text("𠮷野　浩一郎");
  p.name_kana = cell("ヨシノ　コウイチロウ");
  p.resident_since = date("2010-04-01");
  p.address_since = date("2020-10-05");
  p.notified = date("2010-04-05");
  p.birth_date = day("1983-07-09");
  p.sex = cell("男");
  p.relation = cell("世帯主");
  p.previous_address = cell("高知県しおさい市白浜二丁目３番地４　コーポなぎさ１０１号");
  return p;
}

PrintedPerson foreigner() {
  PrintedPerson p;
  p.items = ForeignItems{cell("ヨシノ　マリア"), cell("𠮷野　マリア"), cell("コロンビア"),
                         cell("AB00000000CD"),   cell("中長期在留者"), cell("日本人の配偶者等"),
                         cell("５年"),           date("2029-03-15")};
  p.individual_number = omitted();
  p.name = text("MARIA FERNANDA DE LA CONCEPCION GONZALEZ RODRIGUEZ");
  p.resident_since = date("2014-03-16");
  p.address_since = date("2020-10-05");
  p.notified = date("2014-03-20");
  p.birth_date = day("1985-04-12");
  p.sex = cell("女");
  p.relation = cell("妻");
  p.previous_address = cell("高知県しおさい市白浜二丁目３番地４　コーポなぎさ１０１号");
  p.remarks = {
      {text("通称の記載"), text("𠮷野　マリア"), day("2020-10-05"), text("高知県土佐みなと市")},
      {text("通称の削除"), text("ヨシノ　マリア"), day("2020-10-05"), text("高知県土佐みなと市")}};
  return p;
}

PrintedPerson child() {
  PrintedPerson p = japanese();
  p.name = text("𠮷野　みなと");
  p.name_kana = cell("ヨシノ　ﾐﾅﾄ");
  p.resident_since = date("2019-05-18");
  p.notified = date("2019-05-27");
  p.birth_date = day("2019-05-18");
  p.sex = cell("女");
  p.relation = cell("子");
  p.previous_address = TextCell::of(CellState::kUnknown);
  return p;
}

PrintedPerson mother() {
  PrintedPerson p = japanese();
  p.items = JapaneseItems{cell("ヨシノ"), cell("𠮷野"), omitted(), omitted()};
  p.name = text("辻\U000E0102　葛\U000E0102葉髙﨑");
  p.name_kana = cell("ツジ　チヅル");
  p.address_since = DateCell::of(CellState::kUnknown);
  p.birth_date = day("1953-11-03");
  p.sex = cell("女");
  p.relation = cell("母");
  p.remarks = {{text("旧氏の記載"), {}, day("2022-06-22"), {}}};
  return p;
}

Bytes read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  CERTRELAY_CHECK(!bytes.empty());
  return bytes;
}

Digest digest_of_hex(const char* hex) {
  Digest out{};
  std::ranges::copy(from_hex(hex).value(), out.begin());
  return out;
}

}  // namespace

ByteView test_glyph_cache() {
  static const Bytes cache = read_file(CERTRELAY_GLYPH_CACHE_FILE);
  return cache;
}

const Digest& test_font_digest() {
  static const Digest digest =
      digest_of_hex("75268aa9ac2d92080048196af08adee37f1c286cf4b7777ed5ac3722a8737f5f");
  return digest;
}

ByteView test_second_glyph_cache() {
  static const Bytes cache = read_file(CERTRELAY_SECOND_GLYPH_CACHE_FILE);
  return cache;
}

const Digest& test_second_font_digest() {
  static const Digest digest =
      digest_of_hex("7a306386f930fee80922f71eebf4ffe0f1ff2817da8e619230953487673d71c7");
  return digest;
}

const Outlines& test_outlines() {
  static const Outlines outlines =
      Outlines::open(std::array{test_glyph_cache(), test_second_glyph_cache()}).value();
  return outlines;
}

Result<ReadDocument> read_back(ByteView pdf) { return read_back(pdf, test_outlines()); }

const ReadbackRules& test_readback_rules() {
  return test_render_kit().form(CertificateKind::kJuminhyo)->rules;
}

const RenderKit& test_render_kit() {
  static const RenderKit kit = [] {
    const PinnedFont font{test_font_digest(), test_glyph_cache()};
    const auto form = builtin_form("household", CertificateKind::kJuminhyo).value();
    return RenderKit::load({&font, 1}, {&form, 1}).value();
  }();
  return kit;
}

CertificateModel sample_household() { return sample_household_of(4); }

CertificateModel sample_household_of(std::size_t count) {
  const std::array<PrintedPerson, 4> four{japanese(), foreigner(), child(), mother()};
  CertificateModel model{.document_id = DocumentId::parse("20261122-00000042-7F3A").value()};
  model.address = text("高知県土佐みなと市青潮町三丁目１２番５号　うみかぜ住宅２０３号");
  model.head_of_household = cell("𠮷野　浩一郎");
  model.whole_household = true;
  model.issue_day = parse_iso_day("2026-11-22").value();
  model.random_id.fill(0x5A);
  model.demo = true;
  for (std::size_t i = 0; i < count; ++i) {
    model.persons.push_back(four.at(i % 4));
    model.persons.back().subject_tag = tag_of(i);
    if (i >= 4) {
      const std::string name(model.persons.back().name.reveal());
      model.persons.back().name = PersonalText(name + "　" + std::to_string(i));
    }
  }
  return model;
}

std::u32string without_spaces(std::string_view text) {
  auto points = decode_utf8(text).value();
  std::erase_if(points, [](char32_t point) {
    return point == U' ' || point == U'　' || point == U'\n' || point == U'\f';
  });
  return {points.begin(), points.end()};
}

}  // namespace certrelay
