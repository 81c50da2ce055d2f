// certrelay-manual FOLDER: writes certrelayctl.1 and certrelayctl.bash. A tool of the build; a test
// holds what is in the repository to what it writes.
#include <cstdio>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/manual/manual.hpp"
#include "relay/env/posix_files.hpp"

int main(int argc, char** argv) {
  using namespace certrelay;
  if (argc != 2) {
    std::fprintf(stderr, "certrelay-manual FOLDER\n");
    return 2;
  }
  const std::string program = "certrelayctl";
  CLI::App app(kCtlDescription);
  int exit_code = 0;
  add_all_commands(app, exit_code);
  PosixFiles files;
  const std::string base = std::string(argv[1]) + "/" + program;
  const auto page = files.write_durably(base + ".1", as_bytes(manual_page(app, program)));
  const auto completion =
      files.write_durably(base + ".bash", as_bytes(bash_completion(app, program)));
  if (page && completion) return 0;
  std::fprintf(stderr, "certrelay-manual: %s cannot be written\n", base.c_str());
  return 1;
}
