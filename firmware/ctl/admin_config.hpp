// Where the operators' listener is, and who speaks to it.
#pragma once

#include "firmware/client/peer.hpp"
#include "protocol/ids/ids.hpp"
#include "protocol/record/entry_text.hpp"
#include "relay/keys/approval_key.hpp"

namespace certrelay {

// admin.json: strict JSON with exactly the members
//   municipality, address ("host:port") or address_file, server_name, server_ca, answer_keys (1 or
//   2 paths), identities (a folder)
// Paths are relative to the file's folder. identities/NAME.pem and NAME.key are the client
// certificate and its key, NAME.approval.pem is the approval key; both keys lie under one pass
// phrase of the person's own.
struct AdminConfig {
  MunicipalityCode municipality;
  PeerFiles listener;
  std::string identities;
};
// Errors: Files', parse_strict_json's and JsonObject's.
Result<AdminConfig> load_admin_config(Files& files, const std::string& path);

// A person with both keys, ready to call and to sign.
struct Identity {
  OperatorName name;
  Peer peer;
  ApprovalKey key;
};
// Errors: kMalformed (name), kWrongPassphrase, kKeyUnusable, load_peer's.
Result<Identity> load_identity(Files& files, const AdminConfig& config, const std::string& name,
                               const std::string& pass_phrase);

// The first line of a file, or what a person types on the terminal without echo; never from the
// command line. Errors: Files', kIoError (no terminal).
Result<std::string> read_pass_phrase(Files& files, const std::string& file,
                                     const std::string& prompt);

}  // namespace certrelay
