// The manual page and the completion of a program, written from its CLI11 tree, so that neither can
// say what the program does not do.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace certrelay {

// In roff (man(7)), UTF-8. `program` is the name that people type.
std::string manual_page(const CLI::App& root, const std::string& program);
// For bash: sub-commands and options; file names where neither fits.
std::string bash_completion(const CLI::App& root, const std::string& program);

}  // namespace certrelay
