#include "render/readback/content_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "render/readback/page_units.hpp"

namespace certrelay {
namespace {

constexpr Error kBadContent{ErrorCode::kPdfUnreadable, "readback: content stream"};
constexpr std::size_t kNumbersMax = 6;
constexpr std::size_t kOthersMax = 2;
constexpr std::size_t kStreamRunsUsual = 64;

// An operator's operands: numbers and the string of Tj, which are nearly all of them, apart from
// the rest.
struct Operands {
  std::array<PdfNumber, kNumbersMax> numbers{};
  std::size_t count = 0;
  std::optional<PdfString> text{};
  std::vector<PdfValue> others{};  // names, dictionaries

  void clear() {
    count = 0;
    text.reset();
    if (!others.empty()) others.clear();
  }
};

// An operator's one or two characters as a number: a page has a thousand of them to tell apart.
// Longer ones are 0, which is none.
constexpr unsigned code_of(std::string_view name) {
  unsigned code = 0;
  for (const char c : name) code = code << 8 | static_cast<unsigned char>(c);
  return name.size() > 2 ? 0 : code;
}

struct Operation {
  unsigned code;
  std::size_t numbers;
  std::size_t others;
  bool in_values;  // else in the form's streams only
};

constexpr unsigned kTm = code_of("Tm"), kTj = code_of("Tj"), kTf = code_of("Tf"),
                   kBt = code_of("BT"), kEt = code_of("ET"), kSave = code_of("q"),
                   kRestore = code_of("Q"), kMatrix = code_of("cm"), kImage = code_of("Do");

// The closed list, with the number of operands each takes: numbers, and others. Tj alone takes a
// string, and one.
constexpr std::array<Operation, 19> kOperations{{{kTm, 6, 0, true},
                                                 {kTj, 0, 0, true},
                                                 {code_of("m"), 2, 0, false},
                                                 {code_of("l"), 2, 0, false},
                                                 {code_of("S"), 0, 0, false},
                                                 {kTf, 1, 1, true},
                                                 {code_of("Tc"), 1, 0, false},
                                                 {kBt, 0, 0, true},
                                                 {kEt, 0, 0, true},
                                                 {code_of("Tr"), 1, 0, false},
                                                 {code_of("w"), 1, 0, false},
                                                 {code_of("J"), 1, 0, false},
                                                 {code_of("g"), 1, 0, false},
                                                 {code_of("re"), 4, 0, false},
                                                 {code_of("f"), 0, 0, false},
                                                 {kSave, 0, 0, false},
                                                 {kMatrix, 6, 0, false},
                                                 {kImage, 0, 1, false},
                                                 {kRestore, 0, 0, false}}};

class Interpreter {
 public:
  Interpreter(StreamRole role, const FontMaps& fonts) : role_(role), fonts_(&fonts) {}

  Result<ReadContent> run(ByteView operators) {
    PdfLexer lexer(operators);
    Operands operands;
    operands.others.reserve(kOthersMax);
    out_.runs.reserve(kStreamRunsUsual);
    for (char first = lexer.peek(); first != '\0'; first = lexer.peek()) {
      if ((first >= '0' && first <= '9') || first == '-') {
        if (operands.count == kNumbersMax) return kBadContent;
        if (!lexer.take_number(operands.numbers[operands.count])) return kBadContent;
        ++operands.count;
      } else if ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z')) {
        CERTRELAY_TRY(execute(lexer.keyword(), operands));
        operands.clear();
      } else if (lexer.at_string()) {
        if (operands.text) return kBadContent;
        CERTRELAY_TRY(operands.text, lexer.string());
      } else {
        if (operands.others.size() == kOthersMax) return kBadContent;
        CERTRELAY_TRY(auto value, lexer.value(false));
        operands.others.push_back(std::move(value));
      }
    }
    const bool whole = lexer.at_end();  // and not a NUL
    if (!whole || operands.count != 0 || operands.text || !operands.others.empty() || in_text_) {
      return kBadContent;
    }
    finish_run();
    return std::move(out_);
  }

 private:
  Result<void> execute(std::string_view name, const Operands& operands) {
    if (role_ == StreamRole::kTags)
      return name == "DP" && !operands.text ? tag(operands.others) : Result<void>(kBadContent);
    const unsigned code = code_of(name);
    const auto* known = std::ranges::find(kOperations, code, &Operation::code);
    if (known == kOperations.end() || operands.count != known->numbers ||
        operands.others.size() != known->others || operands.text.has_value() != (code == kTj) ||
        (role_ == StreamRole::kValues && !known->in_values)) {
      return kBadContent;
    }
    CERTRELAY_TRY(follow_image(code, operands));
    switch (code) {
      case kBt:
      case kEt:
        return text_object(code == kBt);
      case kTf:
        return set_font(&operands.others[0]);
      case kTm:
        return place(operands.numbers);
      case kTj:
        return show(*operands.text);
      default:
        return ok();
    }
  }

  // The seal's image: q, an upright cm, /S0 Do, Q, in this order alone, so that a matrix moves
  // nothing else.
  Result<void> follow_image(unsigned code, const Operands& operands) {
    const auto before = std::exchange(previous_, code);
    const bool is_matrix = code == kMatrix;
    const bool is_image = code == kImage;
    if ((is_matrix && before != kSave) || is_image != (before == kMatrix) ||
        (before == kImage && code != kRestore) || (in_text_ && (is_matrix || is_image))) {
      return kBadContent;
    }
    if (is_matrix && (operands.numbers[1].millionths != 0 || operands.numbers[2].millionths != 0)) {
      return kBadContent;
    }
    if (!is_image) return ok();
    const auto* image = as<PdfName>(&operands.others[0]);
    if (image == nullptr || image->text != "S0") return kBadContent;
    ++out_.images;
    return ok();
  }

  // /CertrelaySubject <</Tag (…)>> DP
  Result<void> tag(const std::vector<PdfValue>& operands) {
    if (operands.size() != 2) return kBadContent;
    const auto* name = as<PdfName>(&operands[0]);
    const auto* properties = as<PdfDictionary>(&operands[1]);
    if (name == nullptr || name->text != "CertrelaySubject" || properties == nullptr ||
        properties->size() != 1) {
      return kBadContent;
    }
    const auto* text = as<PdfString>(find_entry(*properties, "Tag"));
    if (text == nullptr) return kBadContent;
    const Bytes bytes = text->bytes();
    out_.subject_tags.emplace_back(as_text(bytes));
    return ok();
  }

  Result<void> text_object(bool begins) {
    if (in_text_ == begins) return kBadContent;
    in_text_ = begins;
    finish_run();
    font_ = nullptr;
    return ok();
  }

  Result<void> set_font(const PdfValue* operand) {
    const auto* name = as<PdfName>(operand);
    if (!in_text_ || name == nullptr) return kBadContent;
    const auto font = fonts_->find(name->text);
    const bool of_form = name->text.starts_with(kFormFontPrefix);
    if (font == fonts_->end() || of_form != (role_ == StreamRole::kForm)) return kBadContent;
    font_ = font->second;
    return ok();
  }

  Result<void> place(const std::array<PdfNumber, kNumbersMax>& m) {
    if (!in_text_) return kBadContent;
    finish_run();
    constexpr std::int64_t kOne = 1'000'000;
    turned_ = m[0].millionths != kOne || m[1].millionths != 0 || m[2].millionths != 0 ||
              m[3].millionths != kOne;
    if (turned_ && role_ == StreamRole::kValues) return kBadContent;
    x_ = to_um(m[4]);
    y_ = kPageHeightUm - to_um(m[5]);
    placed_ = true;
    return ok();
  }

  Result<void> show(const PdfString& codes) {
    if (!in_text_ || !placed_ || font_ == nullptr || codes.size() % 2 != 0) return kBadContent;
    for (std::size_t i = 0; i < codes.size(); i += 2) {
      const auto code = codes.pair_at(i);
      if (code >= font_->size() || (*font_)[code].empty()) return kBadContent;
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
  unsigned previous_ = 0;  // operator
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
