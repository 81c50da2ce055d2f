// Internal to render/readback: the printed seal against the page that it stands on.
#pragma once

#include <span>

#include "render/readback/expected.hpp"
#include "render/readback/read_back.hpp"
#include "render/readback/rules.hpp"

namespace certrelay {

// `persons` are the page's, `page` counts from 0. Without expected.seal there must be none; with
// one, it lies in its place and says of the page what the page says. Errors: kReadbackMismatch.
Result<void> check_code(const ReadPage& page, std::size_t number, std::size_t pages,
                        const ExpectedDocument& expected, std::span<const ExpectedPerson> persons,
                        const ReadbackRules& rules);

}  // namespace certrelay
