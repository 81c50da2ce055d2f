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
// phrase of the person's own. Instead of NAME.approval.pem, NAME.approval.json names a key in a
// PKCS#11 token, with exactly the members module, token, label, and pin_file where the PIN is not
// typed at the terminal.
struct AdminConfig {
  MunicipalityCode municipality;
  PeerFiles listener;
  std::string identities;
};
// Errors: Files', parse_strict_json's and JsonObject's.
Result<AdminConfig> load_admin_config(Files& files, const std::string& path);

// The approval key of a PEM file under that pass phrase, or of a token's description: a path that
// ends with ".json". Errors: Files', kMalformed, kWrongPassphrase, kKeyUnusable, kTokenUnusable,
// kIoError (no terminal for the PIN).
Result<ApprovalKey> load_approval_key(Files& files, const std::string& path,
                                      const std::string& pass_phrase);

// A person with both keys, ready to call and to sign.
struct Identity {
  OperatorName name;
  Peer peer;
  ApprovalKey key;
};
// Errors: kMalformed (name), load_approval_key's, load_peer's.
Result<Identity> load_identity(Files& files, const AdminConfig& config, const std::string& name,
                               const std::string& pass_phrase);

// The first line of a file, or what a person types on the terminal without echo; never from the
// command line. Errors: Files', kIoError (no terminal).
Result<std::string> read_pass_phrase(Files& files, const std::string& file,
                                     const std::string& prompt);

}  // namespace certrelay
