#include "render/readback/content_reader.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

constexpr Error kUnreadable{ErrorCode::kPdfUnreadable, "readback: content stream"};
constexpr std::size_t kOperandsMax = 8;
constexpr std::int64_t kPageHeightUm = 297'000;

// 1 pt = 127,000/360 micrometres.
std::int64_t to_um(const PdfNumber& points) { return points.millionths / 1000 * 127 / 360; }

struct Operation {
  std::string_view name;
  std::size_t operands;
  bool in_values;  // else in the form's streams only
};

// The closed list, with the number of operands each takes.
constexpr std::array<Operation, 17> kOperations{{{"BT", 0, true},
                                                 {"ET", 0, true},
                                                 {"Tf", 2, true},
                                                 {"Tm", 6, true},
                                                 {"Tj", 1, true},
                                                 {"TJ", 1, false},
                                                 {"Tr", 1, false},
                                                 {"w", 1, false},
                                                 {"J", 1, false},
                                                 {"g", 1, false},
                                                 {"m", 2, false},
                                                 {"l", 2, false},
                                                 {"S", 0, false},
                                                 {"re", 4, false},
                                                 {"f", 0, false},
                                                 {"q", 0, false},
                                                 {"Q", 0, false}}};

class Interpreter {
 public:
  Interpreter(StreamRole role, const FontMaps& fonts) : role_(role), fonts_(&fonts) {}

  Result<ReadContent> run(ByteView operators) {
    PdfLexer lexer(operators);
    std::vector<PdfValue> operands;
    operands.reserve(kOperandsMax);
    while (!lexer.at_end()) {
      const char first = lexer.peek();
      const bool is_operator = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
      if (!is_operator) {
        if (operands.size() == kOperandsMax) return kUnreadable;
        CERTRELAY_TRY(auto value, lexer.value(false));
        operands.push_back(std::move(value));
        continue;
      }
      CERTRELAY_TRY(execute(lexer.keyword(), operands));
      operands.clear();
    }
    if (!operands.empty() || in_text_) return kUnreadable;
    finish_run();
    return std::move(out_);
  }

 private:
  Result<void> execute(std::string_view name, const std::vector<PdfValue>& operands) {
    if (role_ == StreamRole::kTags) return name == "DP" ? tag(operands) : Result<void>(kUnreadable);
    const auto* known = std::ranges::find(kOperations, name, &Operation::name);
    if (known == kOperations.end() || operands.size() != known->operands ||
        (role_ == StreamRole::kValues && !known->in_values)) {
      return kUnreadable;
    }
    if (name == "BT" || name == "ET") return text_object(name == "BT");
    if (name == "Tf") return set_font(operands);
    if (name == "Tm") return place(operands);
    if (name == "Tj") return show(&operands[0]);
    if (name == "TJ") return show_array(&operands[0]);
    return ok();
  }

  // /CertrelaySubject <</Tag (…)>> DP
  Result<void> tag(const std::vector<PdfValue>& operands) {
    if (operands.size() != 2) return kUnreadable;
    const auto* name = as<PdfName>(&operands[0]);
    const auto* properties = as<PdfDictionary>(&operands[1]);
    if (name == nullptr || name->text != "CertrelaySubject" || properties == nullptr ||
        properties->size() != 1) {
      return kUnreadable;
    }
    const auto* text = as<PdfString>(find_entry(*properties, "Tag"));
    if (text == nullptr) return kUnreadable;
    out_.subject_tags.emplace_back(as_text(text->bytes));
    return ok();
  }

  Result<void> text_object(bool begins) {
    if (in_text_ == begins) return kUnreadable;
    in_text_ = begins;
    finish_run();
    font_ = nullptr;
    return ok();
  }

  Result<void> set_font(const std::vector<PdfValue>& operands) {
    const auto* name = as<PdfName>(&operands[0]);
    if (!in_text_ || name == nullptr) return kUnreadable;
    const auto font = fonts_->find(name->text);
    if (font == fonts_->end()) return kUnreadable;
    font_ = &font->second;
    return ok();
  }

  Result<void> place(const std::vector<PdfValue>& operands) {
    std::array<PdfNumber, 6> m{};
    for (std::size_t i = 0; i < m.size(); ++i) {
      const auto* number = as<PdfNumber>(&operands[i]);
      if (!in_text_ || number == nullptr) return kUnreadable;
      m.at(i) = *number;
    }
    finish_run();
    constexpr std::int64_t kOne = 1'000'000;
    turned_ = m[0].millionths != kOne || m[1].millionths != 0 || m[2].millionths != 0 ||
              m[3].millionths != kOne;
    if (turned_ && role_ == StreamRole::kValues) return kUnreadable;
    x_ = to_um(m[4]);
    y_ = kPageHeightUm - to_um(m[5]);
    placed_ = true;
    return ok();
  }

  Result<void> show(const PdfValue* operand) {
    const auto* codes = as<PdfString>(operand);
    if (!in_text_ || !placed_ || font_ == nullptr || codes == nullptr ||
        codes->bytes.size() % 2 != 0) {
      return kUnreadable;
    }
    for (std::size_t i = 0; i < codes->bytes.size(); i += 2) {
      const auto code = static_cast<std::size_t>(codes->bytes[i] << 8 | codes->bytes[i + 1]);
      if (code >= font_->size() || (*font_)[code].empty()) return kUnreadable;
      text_ += (*font_)[code];
    }
    return ok();
  }

  Result<void> show_array(const PdfValue* operand) {
    const auto* items = as<PdfArray>(operand);
    if (items == nullptr) return kUnreadable;
    for (const auto& item : *items) {
      if (as<PdfNumber>(&item) != nullptr) continue;
      CERTRELAY_TRY(show(&item));
    }
    return ok();
  }

  void finish_run() {
    if (placed_ && !text_.empty()) {
      out_.runs.push_back({x_, y_, turned_, PersonalText(std::move(text_))});
    }
    text_.clear();
    placed_ = false;
  }

  StreamRole role_;
  const FontMaps* fonts_;
  ReadContent out_;
  bool in_text_ = false;
  const UnicodeMap* font_ = nullptr;
  bool placed_ = false;
  bool turned_ = false;
  std::int64_t x_ = 0;
  std::int64_t y_ = 0;
  std::string text_;
};

}  // namespace

Result<ReadContent> read_content(ByteView operators, StreamRole role, const FontMaps& fonts) {
  return Interpreter(role, fonts).run(operators);
}

}  // namespace certrelay
