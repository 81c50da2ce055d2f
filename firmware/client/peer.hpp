// One listener of the relay as its caller sees it, from files.
#pragma once

#include "firmware/client/address.hpp"
#include "firmware/client/tls_context.hpp"
#include "relay/env/files.hpp"
#include "relay/keys/answer_verifier.hpp"

namespace certrelay {

// Paths as they are, every file at most 64 KiB.
struct PeerFiles {
  std::string address;                     // host:port; empty: see address_file
  std::string address_file;                // written by the server once it listens
  std::string server_ca;                   // PEM
  std::string server_name;                 // that the server's certificate carries
  std::string certificate;                 // ours, PEM
  std::string key;                         // ours, PEM
  std::vector<std::string> answer_keys{};  // pinned public keys of answers, PEM, 1 or 2
  std::string pass_phrase{};               // of `key`; empty: it is not encrypted
};

// Ready to be called. Shared by all threads.
struct Peer {
  TlsContext tls;
  AnswerVerifier verifier;
  Address address;
};

// Errors: kCannotReach when the address file is absent (the relay does not run); those of
// Files::read_all, decrypt_private_key, parse_address, TlsContext::make and
// AnswerVerifier::from_pems.
Result<Peer> load_peer(Files& files, const PeerFiles& peer);

}  // namespace certrelay
