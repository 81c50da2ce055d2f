// The manual page and the completion in the repository are what the program's tree gives.
#include <gtest/gtest.h>

#include <fstream>

#include "firmware/ctl/commands.hpp"
#include "firmware/ctl/manual/manual.hpp"

namespace certrelay {
namespace {

std::string kept_text(const std::string& name) {
  std::ifstream in(std::string(CERTRELAY_MAN_FOLDER) + "/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Manual : public ::testing::Test {
 protected:
  Manual() { add_all_commands(app_, exit_code_); }
  CLI::App app_{kCtlDescription};
  int exit_code_ = 0;
};

TEST_F(Manual, TheKeptPageAndCompletionAreCurrent) {
  const std::string mend = "run certrelay-manual docs/man and commit";
  EXPECT_EQ(kept_text("certrelayctl.1"), manual_page(app_, "certrelayctl")) << mend;
  EXPECT_EQ(kept_text("certrelayctl.bash"), bash_completion(app_, "certrelayctl")) << mend;
}

TEST_F(Manual, EverySubCommandAndOptionSaysWhatItIs) {
  const std::function<void(const CLI::App&)> look = [&](const CLI::App& command) {
    EXPECT_FALSE(command.get_description().empty()) << command.get_name();
    for (const auto* option : command.get_options()) {
      EXPECT_FALSE(option->get_description().empty())
          << command.get_name() << " " << option->get_name();
    }
    for (const auto* sub : command.get_subcommands({})) look(*sub);
  };
  look(app_);
}

TEST(ManualPage, WhatRoffWouldTakeForARequestIsText) {
  CLI::App app("a");
  app.add_subcommand("x", ".TH is \\no request\n'nor this");
  const auto page = manual_page(app, "p");
  EXPECT_NE(page.find("\\&.TH is \\eno request\n\\&'nor this"), std::string::npos) << page;
}

TEST(BashCompletion, EachLevelOffersItsOwnWords) {
  CLI::App app("a");
  auto* sub = app.add_subcommand("ledger", "b");
  bool flag = false;
  sub->add_subcommand("verify", "c")->add_flag("--json", flag, "d");
  const auto text = bash_completion(app, "p");
  EXPECT_NE(text.find("\"\") words=\"ledger --help\""), std::string::npos) << text;
  EXPECT_NE(text.find("\" ledger\") words=\"verify --help\""), std::string::npos);
  EXPECT_NE(text.find("\" ledger verify\") words=\"--help --json\""), std::string::npos);
}

}  // namespace
}  // namespace certrelay
