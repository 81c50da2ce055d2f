// What the printer would show: the page's text and its picture, by poppler's programs.
#pragma once

#include <string>
#include <vector>

#include "firmware/kiosk/center.hpp"
#include "relay/env/files.hpp"

namespace certrelay {

// Compares the printed document id of every page with the header's, by `pdftotext`. Returns what
// was seen, for people; where pdftotext is not installed it says so. Errors: kDocumentIncomplete,
// kProgramFailed.
Result<std::string> check_text(const Document& document);

// Each page as PNG of 150 dpi, by `pdftoppm`: `path`, then path-2.png ... Returns the paths.
// Errors: kNotFound (no pdftoppm), kProgramFailed, those of Files.
Result<std::vector<std::string>> write_pictures(Files& files, const std::string& path,
                                                const Document& document);

}  // namespace certrelay
