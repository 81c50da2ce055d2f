#include "firmware/kiosk/city/names.hpp"

#include <array>

namespace certrelay {
namespace {

constexpr auto kSurnames = std::to_array<NamePart>({
    {"山本", "ヤマモト"},   {"小松", "コマツ"},   {"浜田", "ハマダ"},   {"西村", "ニシムラ"},
    {"岡林", "オカバヤシ"}, {"川村", "カワムラ"}, {"片岡", "カタオカ"}, {"森", "モリ"},
    {"近藤", "コンドウ"},   {"橋本", "ハシモト"}, {"竹内", "タケウチ"}, {"松本", "マツモト"},
    {"田村", "タムラ"},     {"中山", "ナカヤマ"}, {"西森", "ニシモリ"}, {"和田", "ワダ"},
    {"岡本", "オカモト"},   {"井上", "イノウエ"}, {"門田", "カドタ"},   {"公文", "クモン"},
    {"窪田", "クボタ"},     {"北村", "キタムラ"}, {"山中", "ヤマナカ"}, {"武市", "タケチ"},
    {"坂本", "サカモト"},   {"横山", "ヨコヤマ"}, {"谷", "タニ"},       {"久保", "クボ"},
    {"矢野", "ヤノ"},       {"中平", "ナカヒラ"}, {"宮地", "ミヤジ"},   {"楠瀬", "クスノセ"},
    {"池", "イケ"},         {"依光", "ヨリミツ"}, {"弘瀬", "ヒロセ"},   {"徳弘", "トクヒロ"},
    {"五百蔵", "イオロイ"}, {"佐藤", "サトウ"},   {"鈴木", "スズキ"},   {"田中", "タナカ"},
    {"伊藤", "イトウ"},     {"中村", "ナカムラ"}, {"小林", "コバヤシ"}, {"加藤", "カトウ"},
    {"吉田", "ヨシダ"},     {"山田", "ヤマダ"},   {"清水", "シミズ"},   {"林", "ハヤシ"},
    {"長谷川", "ハセガワ"}, {"前田", "マエダ"},   {"藤田", "フジタ"},   {"岡田", "オカダ"},
    {"三浦", "ミウラ"},     {"金子", "カネコ"},   {"小野", "オノ"},     {"安岡", "ヤスオカ"},
});

constexpr auto kHardSurnames = std::to_array<NamePart>({
    {"𠮷田", "ヨシダ"},
    {"𠮷村", "ヨシムラ"},
    {"髙橋", "タカハシ"},
    {"髙木", "タカギ"},
    {"渡邉", "ワタナベ"},
    {"渡邊", "ワタナベ"},
    {"山﨑", "ヤマサキ"},
    {"岡﨑", "オカザキ"},
    {"濵田", "ハマダ"},
    {"濱口", "ハマグチ"},
    {"齋藤", "サイトウ"},
    {"齊藤", "サイトウ"},
    {"佐々木", "ササキ"},
    {"野々村", "ノノムラ"},
    {"葛\U000E0102城", "カツラギ"},
    {"葛\U000E0102西", "カサイ"},
    {"辻\U000E0102", "ツジ"},
    {"辻\U000E0102本", "ツジモト"},
    {"三ヶ尻", "ミカジリ"},
    {"越ヶ谷", "コシガヤ"},
    {"一ノ瀬", "イチノセ"},
    {"𣘺本", "ハシモト"},
    {"德弘", "トクヒロ"},
    {"廣瀨", "ヒロセ"},
    {"栁", "ヤナギ"},
    {"長宗我部", "チョウソカベ"},
});

// Four generations, sixteen names each; see generation_of.
using GivenNames = std::array<std::array<NamePart, 16>, 4>;

constexpr GivenNames kMaleNames{{
    {{{"正夫", "マサオ"},
      {"清", "キヨシ"},
      {"茂", "シゲル"},
      {"勝", "マサル"},
      {"義雄", "ヨシオ"},
      {"三郎", "サブロウ"},
      {"武", "タケシ"},
      {"進", "ススム"},
      {"弘", "ヒロシ"},
      {"昭", "アキラ"},
      {"幸雄", "ユキオ"},
      {"稔", "ミノル"},
      {"善一", "ゼンイチ"},
      {"貞夫", "サダオ"},
      {"龍馬", "リョウマ"},
      {"寅吉", "トラキチ"}}},
    {{{"誠", "マコト"},
      {"浩", "ヒロシ"},
      {"修", "オサム"},
      {"隆", "タカシ"},
      {"和彦", "カズヒコ"},
      {"哲也", "テツヤ"},
      {"健一", "ケンイチ"},
      {"英樹", "ヒデキ"},
      {"秀夫", "ヒデオ"},
      {"浩一郎", "コウイチロウ"},
      {"正人", "マサト"},
      {"達也", "タツヤ"},
      {"直樹", "ナオキ"},
      {"憲二", "ケンジ"},
      {"雅之", "マサユキ"},
      {"禎彥", "サダヒコ"}}},
    {{{"大輔", "ダイスケ"},
      {"翔太", "ショウタ"},
      {"健太", "ケンタ"},
      {"拓也", "タクヤ"},
      {"亮", "リョウ"},
      {"雄大", "ユウダイ"},
      {"貴大", "タカヒロ"},
      {"直人", "ナオト"},
      {"慎太郎", "シンタロウ"},
      {"圭祐", "ケイスケ"},
      {"竜也", "タツヤ"},
      {"海斗", "カイト"},
      {"祐輔", "ユウスケ"},
      {"俊介", "シュンスケ"},
      {"洸", "コウ"},
      {"優", "ユウ"}}},
    {{{"蓮", "レン"},
      {"湊", "ミナト"},
      {"陽翔", "ハルト"},
      {"樹", "イツキ"},
      {"悠真", "ユウマ"},
      {"颯太", "ソウタ"},
      {"大翔", "ヒロト"},
      {"律", "リツ"},
      {"朝陽", "アサヒ"},
      {"湧士", "ユウシ"},
      {"凪", "ナギ"},
      {"奏多", "カナタ"},
      {"りく", "リク"},
      {"ソラ", "ソラ"},
      {"晴", "ハル"},
      {"碧", "アオイ"}}},
}};

constexpr GivenNames kFemaleNames{{
    {{{"和子", "カズコ"},
      {"幸子", "サチコ"},
      {"節子", "セツコ"},
      {"ヨシ子", "ヨシコ"},
      {"千鶴", "チヅル"},
      {"文子", "フミコ"},
      {"キミ", "キミ"},
      {"美代子", "ミヨコ"},
      {"久子", "ヒサコ"},
      {"静江", "シズエ"},
      {"トヨ", "トヨ"},
      {"ハル", "ハル"},
      {"春枝", "ハルエ"},
      {"喜美", "キミ"},
      {"登志子", "トシコ"},
      {"サヨ子", "サヨコ"}}},
    {{{"洋子", "ヨウコ"},
      {"恵子", "ケイコ"},
      {"由美", "ユミ"},
      {"明美", "アケミ"},
      {"真由美", "マユミ"},
      {"直美", "ナオミ"},
      {"智子", "トモコ"},
      {"裕子", "ユウコ"},
      {"美奈子", "ミナコ"},
      {"久美", "クミ"},
      {"香織", "カオリ"},
      {"里佳", "リカ"},
      {"千惠", "チエ"},
      {"淑子", "ヨシコ"},
      {"眞理", "マリ"},
      {"弥生", "ヤヨイ"}}},
    {{{"愛", "アイ"},
      {"美咲", "ミサキ"},
      {"彩", "アヤ"},
      {"麻衣", "マイ"},
      {"奈々", "ナナ"},
      {"沙織", "サオリ"},
      {"千尋", "チヒロ"},
      {"舞", "マイ"},
      {"遥", "ハルカ"},
      {"菜々子", "ナナコ"},
      {"志穂", "シホ"},
      {"ひとみ", "ヒトミ"},
      {"綾香", "アヤカ"},
      {"萌", "モエ"},
      {"佑実", "ユミ"},
      {"瑛梨", "エリ"}}},
    {{{"陽葵", "ヒマリ"},
      {"凛", "リン"},
      {"芽依", "メイ"},
      {"葵", "アオイ"},
      {"結菜", "ユイナ"},
      {"さくら", "サクラ"},
      {"紬", "ツムギ"},
      {"心春", "コハル"},
      {"みなと", "ミナト"},
      {"杏", "アン"},
      {"莉子", "リコ"},
      {"琴音", "コトネ"},
      {"花", "ハナ"},
      {"すず", "スズ"},
      {"詩", "ウタ"},
      {"美海", "ミウ"}}},
}};

std::size_t generation_of(int birth_year) {
  if (birth_year < 1952) return 0;
  if (birth_year < 1980) return 1;
  return birth_year < 2006 ? 2 : 3;
}

struct ForeignNames {
  std::string_view nationality;
  std::array<std::string_view, 3> male;
  std::array<std::string_view, 3> female;
};

constexpr auto kForeignNames = std::to_array<ForeignNames>({
    {"ベトナム",
     {"NGUYEN VAN MINH", "TRAN QUOC BAO", "LE HOANG NAM"},
     {"NGUYEN THI LAN", "PHAM THI HUONG", "VO THI NGOC ANH"}},
    {"フィリピン",
     {"REYES JOSE MIGUEL SANTOS", "DELA CRUZ MARK ANTHONY", "GARCIA RAMON"},
     {"SANTOS MARIA LUISA REYES", "BAUTISTA ANGELICA", "MENDOZA ROSE ANN DIMAGUIBA"}},
    {"中国", {"王　小明", "李　志強", "劉　偉"}, {"王　芳", "張　麗華", "陳　静"}},
    {"韓国", {"金　民俊", "李　成民", "PARK JIHOON"}, {"金　秀美", "朴　智恵", "CHOI SOYEON"}},
    {"ネパール",
     {"SHRESTHA BIKASH", "TAMANG PASANG DORJE", "GURUNG RAM BAHADUR"},
     {"RAI SUNITA", "THAPA MAGAR SITA KUMARI", "LAMA PEMA"}},
    {"インドネシア",
     {"BUDI SANTOSO", "AGUS SETIAWAN", "SUHARTONO"},
     {"SITI NURHALIZA", "DEWI LESTARI", "PUTRI AYU WULANDARI"}},
    {"ブラジル",
     {"SILVA OLIVEIRA JOAO PEDRO DA", "SATO FERREIRA LUCAS KENJI", "SOUZA CARLOS"},
     {"COSTA E SILVA ANA BEATRIZ DA", "TANAKA ALMEIDA JULIANA", "LIMA FERNANDA"}},
    {"米国",
     {"SMITH JOHN WILLIAM", "O'CONNOR PATRICK JAMES", "JOHNSON-LEE DAVID"},
     {"ANDERSON EMILY ROSE", "BROWN KATHERINE", "WILLIAMS ＳＡＲＡ"}},
});

constexpr auto kTowns = std::to_array<std::string_view>({
    "青潮町",
    "白波町",
    "汐見台",
    "松風町",
    "港北町",
    "鏡浜",
    "朝凪町",
    "夕映町",
    "帆柱町",
    "蛍橋通",
    "西ノ浦",
    "鯨ヶ丘",
});

constexpr auto kBlocks = std::to_array<std::string_view>({
    "一丁目",
    "二丁目",
    "三丁目",
    "四丁目",
    "五丁目",
});

constexpr auto kBuildings = std::to_array<std::string_view>({
    "見本ハイツ",
    "市営見本住宅",
    "見本コーポなぎさ",
    "レジデンス見本",
    "グランドメゾン見本みなと",
});

constexpr auto kOtherMunicipalities = std::to_array<std::string_view>({
    "高知県しおさい市白浜",
    "高知県北嶺郡見本町山ノ内",
    "香川県さぬき見本市瀬戸町",
    "大阪府見本浪速市中央",
    "東京都見本区桜丘",
    "愛媛県見本予市道後",
});

template <class T, std::size_t N>
const T& one_of(CityRandom& random, const std::array<T, N>& items) {
  return random.pick(std::span<const T>(items));
}

}  // namespace

NamePart random_surname(CityRandom& random) {
  return random.chance(125) ? one_of(random, kHardSurnames) : one_of(random, kSurnames);
}

NamePart random_given_name(CityRandom& random, Sex sex, int birth_year) {
  const GivenNames& names = sex == Sex::kMale ? kMaleNames : kFemaleNames;
  return one_of(random, names.at(generation_of(birth_year)));
}

ForeignIdentity random_foreign_identity(CityRandom& random, Sex sex) {
  const ForeignNames& names = one_of(random, kForeignNames);
  const auto& given = sex == Sex::kMale ? names.male : names.female;
  return {std::string(one_of(random, given)), names.nationality};
}

std::string full_width(int number) {
  std::string out;
  for (const char digit : std::to_string(number)) {
    // U+FF10 to U+FF19 are EF BC 90 to EF BC 99.
    out += "\xEF\xBC";
    out += static_cast<char>(0x90 + (digit - '0'));
  }
  return out;
}

std::string random_address(CityRandom& random) {
  std::string out = "高知県土佐みなと市";
  out += one_of(random, kTowns);
  out += one_of(random, kBlocks);
  out += full_width(random.between(1, 38)) + "番";
  out += full_width(random.between(1, 24)) + "号　";
  if (!random.chance(450)) return out + "見本宅";
  out += one_of(random, kBuildings);
  return out + full_width(random.between(1, 12) * 100 + random.between(1, 12)) + "号";
}

std::string random_previous_address(CityRandom& random) {
  std::string out(one_of(random, kOtherMunicipalities));
  out += one_of(random, kBlocks);
  return out + full_width(random.between(1, 40)) + "番地" + full_width(random.between(1, 20));
}

std::string random_domicile(CityRandom& random) {
  if (random.chance(300)) return random_previous_address(random);
  std::string out = "高知県土佐みなと市";
  out += one_of(random, kTowns);
  out += one_of(random, kBlocks);
  return out + full_width(random.between(1, 38)) + "番地";
}

}  // namespace certrelay
