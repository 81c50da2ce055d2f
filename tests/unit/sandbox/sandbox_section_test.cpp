#include "firmware/sandbox/sandbox_section.hpp"

#include <gtest/gtest.h>
#include <seccomp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "firmware/daemon/start_failure.hpp"
#include "firmware/sandbox/privileges.hpp"

namespace certrelay {
namespace {

SandboxSection parsed(const std::string& text, bool demo = false) {
  const auto document = parse_toml(text, "/site/certrelay.toml");
  TomlTable root(document, "/site/certrelay.toml", "");
  auto out = parse_sandbox(root, "/site", demo);
  root.finish();
  return out;
}

std::string refusal(const std::string& text) {
  try {
    (void)parsed(text);
  } catch (const StartFailure& failure) {
    return failure.what();
  }
  return "accepted";
}

// What `start` says in a child whose kernel knows no Landlock: "" when it starts.
std::string without_landlock(const SandboxSection& section) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    harden_process();
    const auto filter = ::seccomp_init(SCMP_ACT_ALLOW);
    ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
    ::seccomp_load(filter);
    std::string said = files_are_closed(section) ? "closed" : "";
    try {
      close_files(section, {});
    } catch (const StartFailure& failure) {
      said = failure.what();
    }
    (void)!::write(ends[1], said.data(), said.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string out(4096, '\0');
  const auto got = ::read(ends[0], out.data(), out.size());
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return out;
}

TEST(SandboxSection, WithoutTheTableEverythingIsOn) {
  const auto section = parsed("");
  EXPECT_FALSE(section.root || section.without_landlock || section.off);
  EXPECT_EQ(section.user, "");
}

TEST(SandboxSection, PathsAreOfTheConfigurationsFolder) {
  const auto section = parsed("[sandbox]\nread = [\"a\", \"/b\"]\nwrite = [\"../c\"]\n");
  EXPECT_EQ(section.files.read, (std::vector<std::string>{"/site/a", "/b"}));
  EXPECT_EQ(section.files.write, (std::vector<std::string>{"/c"}));
}

TEST(SandboxSection, OnlyADemonstrationIsWithoutOne) {
  EXPECT_NE(refusal("[sandbox]\noff = true\n").find("only a demonstration"), std::string::npos);
  EXPECT_TRUE(parsed("[sandbox]\noff = true\n", true).off);
  EXPECT_NE(refusal("[sandbox]\nof = true\n").find("of"), std::string::npos);
  EXPECT_NE(refusal("[sandbox]\nuser = \"a\"\nroot = true\n").find("root"), std::string::npos);
}

TEST(SandboxSection, AKernelWithoutLandlockIsRefusedUnlessItIsNamed) {
#ifdef CERTRELAY_SANITIZED
  GTEST_SKIP() << "nothing is closed here";
#endif
  EXPECT_NE(without_landlock({}).find("has no Landlock"), std::string::npos);
  SandboxSection named;
  named.without_landlock = true;
  EXPECT_EQ(without_landlock(named), "");
}

TEST(Privileges, RootIsRefusedUnlessItIsNamed) {
  if (::geteuid() != 0) GTEST_SKIP() << "root alone can be refused";
  EXPECT_THROW(leave_root("", false), StartFailure);
  EXPECT_NO_THROW(leave_root("", true));
  EXPECT_THROW(leave_root("nobody-of-that-name", false), StartFailure);
  EXPECT_THROW(leave_root("root", false), StartFailure);
}

TEST(Privileges, ThereIsNoWayBackFromAUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "root alone can become somebody";
  const pid_t child = ::fork();
  if (child == 0) {
    leave_root("nobody", false);
    ::_exit(::geteuid() != 0 && ::getuid() == ::geteuid() && ::seteuid(0) != 0 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace certrelay
