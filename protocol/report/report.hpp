// A report as officials read it, before it is text, CSV or PDF. Nothing in it names a resident, and
// nothing in it was typed by anybody: numbers, times, ids and the program's own Japanese.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/base/sha256.hpp"

namespace certrelay {

struct ReportColumn {
  std::string heading;
  unsigned share = 1;   // of the page's width
  bool number = false;  // set to the right
};

struct ReportTable {
  std::vector<ReportColumn> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
  std::string when_empty;                      // the sentence in the place of no rows
};

struct ReportSection {
  std::string heading;
  std::vector<std::string> sentences;
  std::optional<ReportTable> table;
};

// Who confirmed it and when; empty until somebody has.
struct ReportSignature {
  std::string who;
  std::string at;
};

struct Report {
  std::string title;
  std::string site;    // 市区町村
  std::string period;  // in words
  bool demo = false;   // 見本
  bool sign_off = false;
  std::optional<ReportSignature> signature;
  std::vector<ReportSection> sections;
};

// Plain text with line feeds; tables in columns as a fixed-width font shows them.
std::string report_text(const Report& report);
// RFC 4180 with a byte order mark, as Japanese spreadsheets expect it.
std::string report_csv(const Report& report);
// What a sign-off names: SHA-256 of the text without the signature.
Digest report_digest(const Report& report);

}  // namespace certrelay
