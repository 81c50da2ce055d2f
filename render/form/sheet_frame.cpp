#include "render/form/form_parts.hpp"

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

Result<void> put_title(FormWriter& writer, const FormTemplate& form) {
  const auto& place = form.grid.places.title;
  CERTRELAY_TRY(const auto title, template_glyphs(writer.fonts(), form.title));
  // The glyphs' centres, equally apart round the middle: 91, 105, 119 mm for 住民票.
  const auto gaps = static_cast<Micrometres>(title.glyphs.size()) - 1;
  Micrometres x = place.centre - place.pitch * gaps / 2;
  for (std::size_t i = 0; i < title.glyphs.size(); ++i, x += place.pitch) {
    writer.content().glyphs(title, i, i + 1, place.size,
                            x - ems(title.glyphs[i].advance, place.size) / 2,
                            place.middle + ems(370, place.size));
  }
  return ok();
}

Result<void> put_header(FormWriter& writer, const FormGrid& grid) {
  const auto& [address_label, head_label, address, head] = grid.header;
  auto& content = writer.content();
  content.line(grid.left, address.bottom, grid.right, address.bottom, kInnerLine);
  content.line(address.left, address.top, address.left, head.bottom, kInnerLine);
  content.rectangle(grid.left, address.top, grid.right, head.bottom, kFrameLine);
  CERTRELAY_TRY(writer.spread(address_label.text, address_label.box));
  return writer.spread(head_label.text, head_label.box);
}

// At most two lines, the last on the baseline, right edges flush.
Result<void> put_office(FormWriter& writer, const FormTemplate& form) {
  const auto& place = form.grid.places.office;
  // A box whose fitting allows two lines of the full size and whose place is corrected below.
  const CellBox box{
      place.right - place.width, 0, place.right, 10'000, 0, place.size, Align::kRight};
  auto fitted = fit_text(writer.fonts(), form.office.title, box, "template: office");
  if (!fitted) return Error{ErrorCode::kTemplateInvalid, "template: office.title"};
  const Micrometres shift = place.baseline - fitted.value().lines.back().baseline;
  for (auto& line : fitted.value().lines) line.baseline += shift;
  writer.content().text(fitted.value());
  const auto name =
      fit_text(writer.fonts(), form.office.name,
               {place.name_left, 0, place.name_left + place.name_width, 6'000, 0, place.name_size},
               "template: office");
  if (!name) return Error{ErrorCode::kTemplateInvalid, "template: office.name"};
  return writer.at(form.office.name, place.name_left, place.baseline, name.value().size);
}

// The characters of the font in a square frame, fattened by a stroke.
Result<void> put_seal(FormWriter& writer, const FormTemplate& form) {
  const auto& place = form.grid.places.seal;
  constexpr Micrometres kFrame = 1'000;   // the frame's width
  constexpr Micrometres kInside = 1'475;  // from the edge to the characters
  const Micrometres inner = place.edge - 2 * kInside;
  writer.content().raw("q 1 J 2 Tr 0.6236 w");
  const auto columns = static_cast<Micrometres>(form.seal.columns.size());
  for (Micrometres c = 0; c < columns; ++c) {
    CERTRELAY_TRY(
        const auto glyphs,
        template_glyphs(writer.fonts(), form.seal.columns.at(static_cast<std::size_t>(c))));
    const auto rows = static_cast<Micrometres>(glyphs.glyphs.size());
    const Micrometres pitch = std::min(inner / columns, inner / rows);
    // 0.96 of the pitch, in half points.
    const HalfPoints size = pitch * 720 * 96 / (127'000 * 100);
    const Micrometres centre = place.centre + inner / 2 - inner / columns * c - inner / columns / 2;
    for (Micrometres r = 0; r < rows; ++r) {
      const auto at = static_cast<std::size_t>(r);
      const Micrometres middle = place.top + kInside + inner / rows * r + inner / rows / 2;
      writer.content().glyphs(glyphs, at, at + 1, size,
                              centre - ems(glyphs.glyphs[at].advance, size) / 2,
                              middle + ems(370, size));
    }
  }
  writer.content().raw("Q");
  const Micrometres half = (place.edge - kFrame) / 2;
  writer.content().rectangle(place.centre - half, place.top + kFrame / 2, place.centre + half,
                             place.top + place.edge - kFrame / 2, kFrame);
  return ok();
}

// The configured picture over the seal's whole square.
void put_seal_image(FormWriter& writer, const FormTemplate& form) {
  const auto& place = form.grid.places.seal;
  std::string text = "q ";
  const auto number = [&text](Micrometres length) {
    append_thousandths(text, to_millipoints(length));
    text += ' ';
  };
  number(place.edge);
  text += "0 0 ";
  number(place.edge);
  number(place.centre - place.edge / 2);
  number(kPageHeight - place.top - place.edge);
  writer.content().raw(text + "cm /S0 Do Q");
}

// Under demo the seal must not pass for one: a white field with 見本 across its middle.
Result<void> put_demo_seal(FormWriter& writer, const FormTemplate& form) {
  const auto& place = form.grid.places.seal;
  constexpr Micrometres kWidth = 10'800, kHeight = 4'800;
  const Micrometres left = place.centre - kWidth / 2;
  const Micrometres top = place.top + (place.edge - kHeight) / 2;
  std::string field = "q 1 g ";
  for (const Micrometres value : {left, kPageHeight - top - kHeight, kWidth, kHeight}) {
    append_thousandths(field, to_millipoints(value));
    field += ' ';
  }
  writer.content().raw(field + "re f Q");
  writer.content().rectangle(left, top, left + kWidth, top + kHeight, 200);
  return writer.spread(form.demo_word, left, left + kWidth, top + kHeight / 2, 1'000, 22);
}

}  // namespace

Result<std::string> sheet_operators(const FormTemplate& form, const FontList& fonts, FontSet& set,
                                    bool demo, bool seal_image) {
  FormWriter writer(fonts, set);
  if (demo) {
    CERTRELAY_TRY(put_ground(writer, set, form.demo_word));
  }
  writer.content().raw("2 J");  // square caps
  CERTRELAY_TRY(put_title(writer, form));
  CERTRELAY_TRY(put_header(writer, form.grid));
  CERTRELAY_TRY(put_office(writer, form));
  if (seal_image) {
    put_seal_image(writer, form);
  } else {
    CERTRELAY_TRY(put_seal(writer, form));
  }
  const auto& note = form.grid.places.seal_note;
  CERTRELAY_TRY(writer.centred(form.seal.note, note.x, note.baseline, note.size));
  if (demo) {
    CERTRELAY_TRY(put_demo_seal(writer, form));
    CERTRELAY_TRY(put_demo_frame(writer, form.demo_word));
  }
  const auto& foot = form.grid.places.foot;
  writer.content().line(foot.left, foot.rule, foot.right, foot.rule, kInnerLine);
  return std::move(writer).take();
}

}  // namespace certrelay
