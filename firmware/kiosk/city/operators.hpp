// The fictional operators of a city (見本): each with a client certificate for one managed
// terminal, an approval key of the own, and the signed application that makes the account.
#pragma once

#include "firmware/kiosk/city/city_folder.hpp"
#include "firmware/kiosk/pki/profiles.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/wire/operator_action.hpp"

namespace certrelay {

struct CityTerminal {
  std::string name;
  std::string san;  // "DNS:..."
};
const std::vector<CityTerminal>& city_terminals();

struct CityOperator {
  std::string name;
  std::string roles;
  std::string affiliation;
  std::size_t terminal;  // of city_terminals()
};
const std::vector<CityOperator>& city_operators();

// What a person's files are made of.
struct OperatorMaterial {
  MunicipalityCode municipality;
  JstDay ends_on;           // of those who are not staff
  std::string pass_phrase;  // of both keys
  Bytes serial;             // of the client certificate
  Validity validity;
};
// operators/<name>.pem, .key, .approval.pem, .pass-phrase, .application.json. The folder exists.
// Errors: the file system's, kInternal.
Result<void> write_operator(CityFolder& folder, const PkiAuthority& authority,
                            const CityOperator& person, const OperatorMaterial& material);

// admin.json, what `certrelayctl --config` takes.
std::string admin_config_text(const MunicipalityCode& municipality);

}  // namespace certrelay
