// Second call of `certrelayctl init`: what the authorities, the peers and the two first people
// gave, read from one folder and judged as a whole before anything is written.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "firmware/ctl/init/init_plan.hpp"
#include "relay/env/files.hpp"
#include "relay/operators/account.hpp"

namespace certrelay {

// What is wrong with a file, and who mends it how. Japanese, for officials.
struct InitFinding {
  std::string file;
  std::string what;
  std::string mend;
};

struct ReceivedSite {
  // By their name below certificates/: as they came.
  std::map<std::string, std::string> files;
  // As [[peer]] wants them: base64 of SHA-256 of the key's SPKI.
  std::map<Role, std::string> peer_pins;
  std::vector<std::string> card_roots;  // names below certificates/
  std::vector<std::string> card_crls;
  Digest font{};
  std::vector<Operator> people;      // the center's head, the city's administrator
  std::vector<Digest> applications;  // of their files, in that order
};

// The names that `certrelayctl init take` looks for, for the listing that a person gets.
std::vector<std::string> expected_files(const InitPlan& plan);

// Reads `from` and the site's keys. Every fault of every file is found in one call; the site is
// whole only when there is none. Errors: those of reading the site's own keys.
class SiteReader {
 public:
  SiteReader(Files& files, const InitPlan& plan, std::string folder, std::string from, UtcTime now)
      : files_(files), plan_(plan), folder_(std::move(folder)), from_(std::move(from)), now_(now) {}

  Result<ReceivedSite> read();
  const std::vector<InitFinding>& findings() const { return findings_; }

 private:
  // site_reader.cpp
  Result<void> read_listener(const InitPlan::Listener& listener);
  void read_peer(const InitPlan::DataPeer& peer);
  void read_person(const std::string& file, const std::string& name, OperatorRole role);
  Result<void> read_documents();
  void read_feeder();
  void read_cards();
  void read_font();
  // The file's text, kept for the site; empty with a finding when it cannot be read.
  std::string take(const std::string& file);
  void find(const std::string& file, std::string what, std::string mend);
  bool is_given(const std::string& file) const;
  std::vector<std::string> given(const std::string& prefix, const std::string& suffix) const;

  Files& files_;
  const InitPlan& plan_;
  const std::string folder_;
  const std::string from_;
  const UtcTime now_;
  std::string password_;
  ReceivedSite site_{};
  std::vector<InitFinding> findings_;
};

}  // namespace certrelay
