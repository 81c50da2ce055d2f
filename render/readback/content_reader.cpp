#include "render/readback/content_reader.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

constexpr Error kUnreadable{ErrorCode::kPdfUnreadable, "readback: content stream"};
constexpr std::size_t kNumbersMax = 6;
constexpr std::size_t kOthersMax = 2;
constexpr std::int64_t kPageHeightUm = 297'000;

// 1 pt = 127,000/360 micrometres.
std::int64_t to_um(const PdfNumber& points) { return points.millionths / 1000 * 127 / 360; }

// An operator's operands: numbers, which are nearly all of them, apart from the rest.
struct Operands {
  std::array<PdfNumber, kNumbersMax> numbers{};
  std::size_t count = 0;
  std::vector<PdfValue> others{};  // names, strings, dictionaries

  void clear() {
    count = 0;
    others.clear();
  }
};

struct Operation {
  std::string_view name;
  std::size_t numbers;
  std::size_t others;
  bool in_values;  // else in the form's streams only
};

// The closed list, with the number of operands each takes: numbers, and others.
constexpr std::array<Operation, 17> kOperations{{{"Tm", 6, 0, true},
                                                 {"Tj", 0, 1, true},
                                                 {"m", 2, 0, false},
                                                 {"l", 2, 0, false},
                                                 {"S", 0, 0, false},
                                                 {"Tf", 1, 1, true},
                                                 {"Tc", 1, 0, false},
                                                 {"BT", 0, 0, true},
                                                 {"ET", 0, 0, true},
                                                 {"Tr", 1, 0, false},
                                                 {"w", 1, 0, false},
                                                 {"J", 1, 0, false},
                                                 {"g", 1, 0, false},
                                                 {"re", 4, 0, false},
                                                 {"f", 0, 0, false},
                                                 {"q", 0, 0, false},
                                                 {"Q", 0, 0, false}}};

class Interpreter {
 public:
  Interpreter(StreamRole role, const FontMaps& fonts) : role_(role), fonts_(&fonts) {}

  Result<ReadContent> run(ByteView operators) {
    PdfLexer lexer(operators);
    Operands operands;
    while (!lexer.at_end()) {
      const char first = lexer.peek();
      if ((first >= '0' && first <= '9') || first == '-') {
        if (operands.count == kNumbersMax) return kUnreadable;
        CERTRELAY_TRY(operands.numbers.at(operands.count), lexer.number());
        ++operands.count;
      } else if ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z')) {
        CERTRELAY_TRY(execute(lexer.keyword(), operands));
        operands.clear();
      } else {
        if (operands.others.size() == kOthersMax) return kUnreadable;
        CERTRELAY_TRY(auto value, lexer.value(false));
        operands.others.push_back(std::move(value));
      }
    }
    if (operands.count != 0 || !operands.others.empty() || in_text_) return kUnreadable;
    finish_run();
    return std::move(out_);
  }

 private:
  Result<void> execute(std::string_view name, const Operands& operands) {
    if (role_ == StreamRole::kTags)
      return name == "DP" ? tag(operands.others) : Result<void>(kUnreadable);
    const auto* known = std::ranges::find(kOperations, name, &Operation::name);
    if (known == kOperations.end() || operands.count != known->numbers ||
        operands.others.size() != known->others ||
        (role_ == StreamRole::kValues && !known->in_values)) {
      return kUnreadable;
    }
    if (name == "BT" || name == "ET") return text_object(name == "BT");
    if (name == "Tf") return set_font(&operands.others[0]);
    if (name == "Tm") return place(operands.numbers);
    if (name == "Tj") return show(&operands.others[0]);
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
    const Bytes bytes = text->bytes();
    out_.subject_tags.emplace_back(as_text(bytes));
    return ok();
  }

  Result<void> text_object(bool begins) {
    if (in_text_ == begins) return kUnreadable;
    in_text_ = begins;
    finish_run();
    font_ = nullptr;
    return ok();
  }

  Result<void> set_font(const PdfValue* operand) {
    const auto* name = as<PdfName>(operand);
    if (!in_text_ || name == nullptr) return kUnreadable;
    const auto font = fonts_->find(name->text);
    if (font == fonts_->end()) return kUnreadable;
    font_ = &font->second;
    return ok();
  }

  Result<void> place(const std::array<PdfNumber, kNumbersMax>& m) {
    if (!in_text_) return kUnreadable;
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
    if (!in_text_ || !placed_ || font_ == nullptr || codes == nullptr || codes->size() % 2 != 0) {
      return kUnreadable;
    }
    for (std::size_t i = 0; i < codes->size(); i += 2) {
      const auto code = codes->pair_at(i);
      if (code >= font_->size() || (*font_)[code].empty()) return kUnreadable;
      text_ += (*font_)[code];
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
