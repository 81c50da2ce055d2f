#include "firmware/ctl/init/init_plan.hpp"

namespace certrelay {

std::string init_plan_template() {
  return R"(# certrelay の初期設定計画。記入して certrelayctl init keys に渡します。
# 住民の情報、パスワード、鍵は書かないでください。

[site]
municipality = "000000"         # 全国地方公共団体コード6桁（検査数字を含む）
name = "〇〇市"                 # 証明書に印字する市区町村名

[listen]                        # この機器が待ち受けるアドレスとポート
center = "192.0.2.1:8443"       # 証明書交付センター
registry = "192.0.2.2:8444"     # 既存住民基本台帳システム
admin = "192.0.2.2:8445"        # 管理端末
monitoring = "127.0.0.1:9443"   # 監視（機器の内側だけ）

[server_names]                  # 相手がこの機器を呼ぶ名前（サーバ証明書に入ります）
center = "relay.example.lg.jp"
registry = "relay-registry.example.lg.jp"
admin = "relay-admin.example.lg.jp"

[peers.center]                  # 証明書交付センターのクライアント証明書
name = "jlis-center"
san = "DNS:center.example.lg.jp"

[peers.registry]                # 既存住民基本台帳システムのクライアント証明書
name = "kizon-juki"
san = "DNS:juki.example.lg.jp"

[[terminal]]                    # 管理端末。台数分くり返します
name = "terminal-1"
san = "DNS:terminal-1.example.lg.jp"

[operators]                     # 最初の2人の利用者ID。ほかの人は、この2人の手続で登録します
center_head = "mihon-ichiro"        # 中央窓口センター長
city_administrator = "mihon-hanako" # 市の管理者

[render]
font = "/usr/share/fonts/truetype/ipamj/ipamjm.ttf"

[documents]                     # 証明書の電子署名と印字の署名（使わないときは両方 false）
signature = false
printed_seal = false
)";
}

}  // namespace certrelay
