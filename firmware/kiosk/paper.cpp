#include "firmware/kiosk/paper.hpp"

#include "firmware/kiosk/document_check.hpp"
#include "firmware/kiosk/program.hpp"

namespace certrelay {

Result<std::string> check_text(const Document& document) {
  const auto text = run_filter({"pdftotext", "-layout", "-enc", "UTF-8", "-", "-"}, document.pdf);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return "printed document id not looked at (no pdftotext)";
  }
  CERTRELAY_TRY(const Bytes bytes, text);
  CERTRELAY_TRY(check_printed_id(as_text(bytes), document.headers));
  return "document id on every page";
}

Result<std::vector<std::string>> write_pictures(Files& files, const std::string& path,
                                                const Document& document) {
  const std::string stem = path.ends_with(".png") ? path.substr(0, path.size() - 4) : path;
  std::vector<std::string> out;
  for (int page = 1; page <= document.headers.sheets; ++page) {
    const std::string number = std::to_string(page);
    CERTRELAY_TRY(const Bytes picture,
                  run_filter({"pdftoppm", "-png", "-r", "150", "-f", number, "-l", number, "-"},
                             document.pdf));
    out.push_back(page == 1 ? path : stem + "-" + number + ".png");
    CERTRELAY_TRY(files.write_durably(out.back(), picture));
  }
  return out;
}

}  // namespace certrelay
