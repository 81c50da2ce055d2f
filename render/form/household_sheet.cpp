#include "render/form/household_grid.hpp"
#include "render/form/household_parts.hpp"

namespace certrelay {
namespace {

// 見本 in grey under everything: 62 mm high, 18 mm between the two, turned by -38° on the page.
// The glyphs' origins on the page, from (25, 158) and (105, 158) turned round (105, 140).
constexpr std::string_view kGroundTurn = "0.788011 0.615661 -0.615661 0.788011 ";
constexpr std::string_view kGroundSize = "175.748";  // pt
constexpr std::array<std::pair<Micrometres, Micrometres>, 2> kGroundOrigins{
    {{53'041, 203'437}, {116'082, 154'184}}};

Result<void> put_ground(FormWriter& writer, FontSet& set, std::string_view word) {
  CERTRELAY_TRY(const auto glyphs, template_glyphs(writer.fonts(), word));
  if (glyphs.glyphs.size() != kGroundOrigins.size()) {
    return Error{ErrorCode::kTemplateInvalid, "template: demo: two characters"};
  }
  std::string text = "q 0.9255 g BT\n";
  for (std::size_t i = 0; i < kGroundOrigins.size(); ++i) {
    const auto& glyph = glyphs.glyphs[i];
    text += "/" + set.resource_name(glyph.font) + " " + std::string(kGroundSize) + " Tf\n";
    text += kGroundTurn;
    append_thousandths(text, to_millipoints(kGroundOrigins.at(i).first));
    text += ' ';
    append_thousandths(text, to_millipoints(kPageHeight - kGroundOrigins.at(i).second));
    text += " Tm\n<";
    const unsigned cid = set.cid(glyph);
    for (int shift = 12; shift >= 0; shift -= 4) text += "0123456789ABCDEF"[cid >> shift & 0xF];
    text += "> Tj\n";
  }
  writer.content().raw(text + "ET Q");
  return ok();
}

Result<void> put_demo_frame(FormWriter& writer, std::string_view word) {
  writer.content().rectangle(12'000, 11'400, 32'000, 18'600, kFrameLine);
  return writer.spread(word, 12'000, 32'000, 15'000, 3'200, 26);
}

Result<void> put_header(FormWriter& writer, const FormTemplate& form) {
  constexpr Micrometres kTitleMiddle = 15'800;
  constexpr HalfPoints kTitleSize = 36;
  CERTRELAY_TRY(const auto title, template_glyphs(writer.fonts(), form.title));
  // Glyph centres 14 mm apart round 105: 91, 105, 119 for 住民票.
  Micrometres x = 105'000 - 7'000 * (static_cast<Micrometres>(title.glyphs.size()) - 1);
  for (std::size_t i = 0; i < title.glyphs.size(); ++i, x += 14'000) {
    writer.content().glyphs(title, i, i + 1, kTitleSize,
                            x - ems(title.glyphs[i].advance, kTitleSize) / 2,
                            kTitleMiddle + ems(370, kTitleSize));
  }
  auto& content = writer.content();
  content.line(kLeft, kHeaderMiddle, kRight, kHeaderMiddle, kInnerLine);
  content.line(kLabelEnd, kHeaderTop, kLabelEnd, kHeaderBottom, kInnerLine);
  content.rectangle(kLeft, kHeaderTop, kRight, kHeaderBottom, kFrameLine);
  CERTRELAY_TRY(writer.spread(form.header.address, kLeft, kLabelEnd,
                              (kHeaderTop + kHeaderMiddle) / 2, kHeaderLabelPadding, 18));
  return writer.spread(form.header.head_of_household, kLeft, kLabelEnd,
                       (kHeaderMiddle + kHeaderBottom) / 2, kHeaderLabelPadding, 18);
}

// At most two lines, the last on the baseline, right edges flush.
Result<void> put_office(FormWriter& writer, const FormTemplate::Office& office) {
  // A box whose fitting allows two lines of the full size and whose place is corrected below.
  const CellBox box{
      kOfficeRight - kOfficeWidth, 0, kOfficeRight, 10'000, 0, kOfficeSize, Align::kRight};
  auto fitted = fit_text(writer.fonts(), office.title, box, "template: office");
  if (!fitted) return Error{ErrorCode::kTemplateInvalid, "template: office.title"};
  const Micrometres shift = kOfficeBaseline - fitted.value().lines.back().baseline;
  for (auto& line : fitted.value().lines) line.baseline += shift;
  writer.content().text(fitted.value());
  const auto name =
      fit_text(writer.fonts(), office.name,
               {kSignerX, 0, kSignerX + kSignerWidth, 6'000, 0, kSignerSize}, "template: office");
  if (!name) return Error{ErrorCode::kTemplateInvalid, "template: office.name"};
  return writer.at(office.name, kSignerX, kOfficeBaseline, name.value().size);
}

// The characters of the font in a square frame of 22 mm, fattened by a stroke.
Result<void> put_seal(FormWriter& writer, const FormTemplate::Seal& seal) {
  constexpr Micrometres kInner = 19'050;
  constexpr Micrometres kTop = 252'675;
  writer.content().raw("q 1 J 2 Tr 0.6236 w");
  const auto columns = static_cast<Micrometres>(seal.columns.size());
  for (Micrometres c = 0; c < columns; ++c) {
    CERTRELAY_TRY(const auto glyphs,
                  template_glyphs(writer.fonts(), seal.columns.at(static_cast<std::size_t>(c))));
    const auto rows = static_cast<Micrometres>(glyphs.glyphs.size());
    const Micrometres pitch = std::min(kInner / columns, kInner / rows);
    // 0.96 of the pitch, in half points.
    const HalfPoints size = pitch * 720 * 96 / (127'000 * 100);
    const Micrometres centre =
        kSealCentreX + kInner / 2 - kInner / columns * c - kInner / columns / 2;
    for (Micrometres r = 0; r < rows; ++r) {
      const auto at = static_cast<std::size_t>(r);
      const Micrometres middle = kTop + kInner / rows * r + kInner / rows / 2;
      writer.content().glyphs(glyphs, at, at + 1, size,
                              centre - ems(glyphs.glyphs[at].advance, size) / 2,
                              middle + ems(370, size));
    }
  }
  writer.content().raw("Q");
  writer.content().rectangle(174'500, 251'700, 195'500, 272'700, 1'000);
  return writer.centred(seal.note, kSealCentreX, kSealNoteBaseline, kSealNoteSize);
}

// Under demo the seal must not pass for one: a white field with 見本 across it.
Result<void> put_demo_seal(FormWriter& writer, std::string_view word) {
  CERTRELAY_TRY(const auto glyphs, template_glyphs(writer.fonts(), word));
  std::string field = "q 1 g ";
  for (const Micrometres value :
       {Micrometres{179'600}, kPageHeight - 264'600, Micrometres{10'800}, Micrometres{4'800}}) {
    append_thousandths(field, to_millipoints(value));
    field += ' ';
  }
  writer.content().raw(field + "re f Q");
  writer.content().rectangle(179'600, 259'800, 190'400, 264'600, 200);
  return writer.spread(word, 179'600, 190'400, 262'200, 1'000, 22);
}

}  // namespace

Result<std::string> sheet_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                    bool demo) {
  FormWriter writer(fonts, set);
  if (demo) {
    CERTRELAY_TRY(put_ground(writer, set, form.demo_word));
  }
  writer.content().raw("2 J");  // square caps
  CERTRELAY_TRY(put_header(writer, form));
  CERTRELAY_TRY(put_office(writer, form.office));
  CERTRELAY_TRY(put_seal(writer, form.seal));
  if (demo) {
    CERTRELAY_TRY(put_demo_seal(writer, form.demo_word));
    CERTRELAY_TRY(put_demo_frame(writer, form.demo_word));
  }
  writer.content().line(kLeft, kRuleY, kRight, kRuleY, kInnerLine);
  return std::move(writer).take();
}

}  // namespace certrelay
