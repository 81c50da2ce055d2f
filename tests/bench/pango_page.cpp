#include "tests/bench/pango_page.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <map>

#include "protocol/base/check.hpp"
#include "render/form/sheet_values.hpp"

namespace certrelay {
namespace {

constexpr double points(Micrometres length) { return static_cast<double>(length) * 72 / 25'400; }

cairo_status_t append(void* to, const unsigned char* data, unsigned size) {
  auto& bytes = *static_cast<Bytes*>(to);
  bytes.insert(bytes.end(), data, data + size);
  return CAIRO_STATUS_SUCCESS;
}

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using FontMapPtr = std::unique_ptr<PangoFontMap, FreeWith<g_object_unref>>;
using LayoutPtr = std::unique_ptr<PangoLayout, FreeWith<g_object_unref>>;
using ContextPtr = std::unique_ptr<PangoContext, FreeWith<g_object_unref>>;
using FontPtr = std::unique_ptr<PangoFontDescription, FreeWith<pango_font_description_free>>;
using SurfacePtr = std::unique_ptr<cairo_surface_t, FreeWith<cairo_surface_destroy>>;
using CairoPtr = std::unique_ptr<cairo_t, FreeWith<cairo_destroy>>;

}  // namespace

struct PangoPage::State {
  explicit State(const FormTemplate& of) : form(&of) {}

  const PangoFontDescription* font(HalfPoints size) {
    auto& known = fonts[size];
    if (known == nullptr) {
      known.reset(pango_font_description_from_string("IPAmjMincho"));
      pango_font_description_set_absolute_size(known.get(),
                                               static_cast<double>(size) / 2 * PANGO_SCALE);
    }
    return known.get();
  }

  void set(std::string_view text, HalfPoints size, Micrometres width) {
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    pango_layout_set_font_description(layout.get(), font(size));
    pango_layout_set_width(layout.get(), static_cast<int>(points(width) * PANGO_SCALE));
  }

  // Wraps, and shrinks while it is too high; left (or centred), in the middle of the cell.
  void in_box(std::string_view text, const CellBox& box, Micrometres top) {
    if (text.empty()) return;
    const auto width = box.right - box.left - 2 * box.padding;
    int high = 0;
    for (HalfPoints size = box.size; size >= kSmallestSize; --size) {
      set(text, size, width);
      pango_layout_get_size(layout.get(), nullptr, &high);
      if (high <= points(box.bottom - box.top) * PANGO_SCALE) break;
    }
    const double y =
        points(top + (box.top + box.bottom) / 2) - static_cast<double>(high) / PANGO_SCALE / 2;
    cairo_move_to(cairo.get(), points(box.left + box.padding), y);
    pango_cairo_show_layout(cairo.get(), layout.get());
  }

  // On a baseline; `right`: ends at x.
  void at(std::string_view text, Micrometres x, Micrometres baseline, HalfPoints size,
          bool right = false) {
    set(text, size, kPageWidth);
    int wide = 0;
    if (right) pango_layout_get_size(layout.get(), &wide, nullptr);
    const double above = static_cast<double>(pango_layout_get_baseline(layout.get())) / PANGO_SCALE;
    cairo_move_to(cairo.get(), points(x) - static_cast<double>(wide) / PANGO_SCALE,
                  points(baseline) - above);
    pango_cairo_show_layout(cairo.get(), layout.get());
  }

  void line(Micrometres x0, Micrometres y0, Micrometres x1, Micrometres y1, Micrometres width) {
    cairo_set_line_width(cairo.get(), points(width));
    cairo_move_to(cairo.get(), points(x0), points(y0));
    cairo_line_to(cairo.get(), points(x1), points(y1));
    cairo_stroke(cairo.get());
  }
  void frame(Micrometres left, Micrometres top, Micrometres right, Micrometres bottom) {
    cairo_set_line_width(cairo.get(), points(kFrameLine));
    cairo_rectangle(cairo.get(), points(left), points(top), points(right - left),
                    points(bottom - top));
    cairo_stroke(cairo.get());
  }

  void header(const CertificateModel& model) {
    const auto& grid = form->grid;
    const auto& [address_label, head_label, address, head] = grid.header;
    at(form->title, grid.places.title.centre, grid.places.title.middle, grid.places.title.size);
    frame(grid.left, address.top, grid.right, head.bottom);
    line(grid.left, address.bottom, grid.right, address.bottom, kInnerLine);
    line(address.left, address.top, address.left, head.bottom, kInnerLine);
    in_box(address_label.text, address_label.box, 0);
    in_box(head_label.text, head_label.box, 0);
    in_box(model.address.reveal(), address, 0);
    in_box(model.head_of_household.value.reveal(), head, 0);
  }

  void person(const PrintedPerson& one, Micrometres top) {
    const auto& grid = form->grid;
    for (const auto& cell : block_of(one, *form).cells) {
      const auto text = printed_text(one, cell, *form).value();
      in_box(cell.item == CellItem::kMark ? form->marks.omitted : text, cell.box, top);
    }
    for (std::size_t row = 0; row < one.remarks.size(); ++row) {
      in_box(remark_text(one, row, *form).value(), remark_box(grid.remarks, row), top);
    }
  }

  void block(std::size_t number, const PrintedPerson* one) {
    const auto& grid = form->grid;
    const auto top = grid.block_top(number);
    const auto bottom = top + grid.block_height;
    for (const auto& [x0, y0, x1, y1] : grid.lines) line(x0, top + y0, x1, top + y1, kInnerLine);
    frame(grid.left, top, grid.right, bottom);
    if (grid.number) {
      at(std::to_string(number + 1), grid.left, (top + bottom) / 2, grid.number->size);
    }
    const bool foreign = one != nullptr && one->foreign();
    for (const auto& label : (foreign ? grid.foreign : grid.japanese).labels) {
      in_box(label.text, label.box, top);
    }
    in_box(grid.remarks.label.text, grid.remarks.label.box, top);
    if (one != nullptr) {
      person(*one, top);
    } else {
      line(grid.right, top, grid.left, bottom, kStrikeLine);
    }
  }

  void footer(const CertificateModel& model, std::size_t page, std::size_t pages) {
    const auto& [title, sentence, day, note, office, seal, foot, code] = form->grid.places;
    at(model.whole_household ? form->sentences.whole_household : form->sentences.part_of_household,
       sentence.x, sentence.baseline, sentence.size);
    at(day_words(model.issue_day, form->eras, "day").value(), day.x, day.baseline, day.size);
    at(form->office.title, office.right, office.baseline, office.size, true);
    at(form->office.name, office.name_left, office.baseline, office.name_size);
    Micrometres x = seal.centre + seal.edge / 4;
    for (const auto& column : form->seal.columns) {
      at(column, x - seal.edge / 2, seal.top + seal.edge / 2, 30);
      x -= seal.edge / 4;
    }
    cairo_set_line_width(cairo.get(), points(1'000));
    cairo_rectangle(cairo.get(), points(seal.centre - seal.edge / 2), points(seal.top),
                    points(seal.edge), points(seal.edge));
    cairo_stroke(cairo.get());
    at(form->seal.note, note.x - seal.edge / 2, note.baseline, note.size);
    line(foot.left, foot.rule, foot.right, foot.rule, kInnerLine);
    at(form->footer.document + "　" + std::string(model.document_id.text()), foot.left,
       foot.baseline, foot.size);
    at(std::to_string(page) + "／" + std::to_string(pages) + form->footer.page, foot.right,
       foot.baseline, foot.size, true);
  }

  const FormTemplate* form;
  FontMapPtr map;
  ContextPtr context;
  LayoutPtr layout;
  std::map<HalfPoints, FontPtr> fonts;
  CairoPtr cairo;
};

PangoPage::PangoPage(const FormTemplate& form) : state_(std::make_unique<State>(form)) {
  state_->map.reset(pango_cairo_font_map_new());
  state_->context.reset(pango_font_map_create_context(state_->map.get()));
  pango_cairo_context_set_resolution(state_->context.get(), 72);
  state_->layout.reset(pango_layout_new(state_->context.get()));
  pango_layout_set_wrap(state_->layout.get(), PANGO_WRAP_CHAR);
}

PangoPage::~PangoPage() = default;

Bytes PangoPage::write(const CertificateModel& model) {
  Bytes out;
  const SurfacePtr surface(
      cairo_pdf_surface_create_for_stream(append, &out, points(kPageWidth), points(kPageHeight)));
  state_->cairo.reset(cairo_create(surface.get()));
  const auto a_page = state_->form->grid.persons;
  const auto pages = (model.persons.size() + a_page - 1) / a_page;
  for (std::size_t page = 0; page < pages; ++page) {
    state_->header(model);
    for (std::size_t block = 0; block < a_page; ++block) {
      const auto at = page * a_page + block;
      state_->block(block, at < model.persons.size() ? &model.persons[at] : nullptr);
    }
    state_->footer(model, page + 1, pages);
    cairo_show_page(state_->cairo.get());
  }
  state_->cairo.reset();
  cairo_surface_finish(surface.get());
  CERTRELAY_CHECK(cairo_surface_status(surface.get()) == CAIRO_STATUS_SUCCESS);
  return out;
}

}  // namespace certrelay
