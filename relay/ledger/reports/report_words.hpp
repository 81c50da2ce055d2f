// The Japanese of the reports: fixed terms of docs/GLOSSARY.md, read by municipal officials.
#pragma once

#include <string>

#include "protocol/base/grouped.hpp"
#include "protocol/ids/operator_values.hpp"
#include "protocol/record/entry_words.hpp"
#include "protocol/record/reason_words.hpp"
#include "protocol/wire/action_words.hpp"
#include "protocol/wire/operator_message.hpp"

namespace certrelay {

std::string_view words(CertificateKind kind);
std::string_view words(RecordedEvent event);
std::string_view words(Role role);  // who connects to that listener
std::string_view words(Affiliation affiliation);
std::string_view words(OperatorRole role);
std::string_view words(AccountStatus status);

}  // namespace certrelay
