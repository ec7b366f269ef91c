//! Names as people type them without changing the keyboard: in pinyin (S25).

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;

use super::name;
use super::pinyin_readings::{CHARACTERS, FAMILY_NAMES, WORDS};

/// The pinyin of a name, for sorting and for finding.
///
/// Lower-case letters and digits only. Latin words and numbers inside a name stay whole in both forms (TCL科技 → `tclkeji`, `tclkj`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct NameKeys {
    /// huaweijishu
    pub full: String,
    /// hwjs
    pub initials: String,
}

impl NameKeys {
    /// The keys of a firm's, place's or person's name.
    pub fn of(name: &str) -> NameKeys {
        let mut keys = NameKeys::default();
        for sound in sounds(name) {
            keys.full.push_str(&sound.full);
            keys.initials.push_str(sound.initial());
        }
        keys
    }
}

/// One character's sound, or one Latin word or number.
pub(super) struct Sound {
    pub full: String,
    pub is_character: bool,
}

impl Sound {
    pub fn initial(&self) -> &str {
        if self.is_character { &self.full[..1] } else { &self.full }
    }
}

type Readings = HashMap<&'static str, Vec<&'static str>>;

static WORD_READINGS: LazyLock<Readings> = LazyLock::new(|| readings(WORDS));
static FAMILY_READINGS: LazyLock<Readings> = LazyLock::new(|| readings(FAMILY_NAMES));

fn readings(table: &[(&'static str, &'static str)]) -> Readings {
    table.iter().map(|(word, sounds)| (*word, sounds.split(' ').collect())).collect()
}

/// The longest word in the table, in characters.
const LONGEST_WORD: usize = 4;

/// The sounds of a name in order; what has no sound (punctuation, other scripts) is left out.
pub(super) fn sounds(name: &str) -> Vec<Sound> {
    let plain: String = name.chars().map(name::narrow).flat_map(char::to_lowercase).collect();
    let letters: Vec<(usize, char)> = plain.char_indices().collect();

    let mut sounds: Vec<Sound> = Vec::new();
    let mut position = 0;
    let mut in_latin_word = false;
    while let Some((at, letter)) = letters.get(position).copied() {
        if letter.is_ascii_alphanumeric() {
            match sounds.last_mut() {
                Some(word) if in_latin_word => word.full.push(letter),
                _ => sounds.push(Sound { full: letter.into(), is_character: false }),
            }
            in_latin_word = true;
            position += 1;
            continue;
        }
        in_latin_word = false;
        // A firm may begin like a family name (查特, 解放); what is as short as a person's name is taken for one.
        let family = (position == 0).then(|| family_name(&plain, letters.len())).flatten();
        let word = || longest_word(&plain[at..]);
        if let Some(read) = family.or_else(word) {
            sounds.extend(read.iter().map(|sound| Sound { full: (*sound).to_owned(), is_character: true }));
            position += read.len();
            continue;
        }
        if let Some(sound) = sound_of(letter) {
            sounds.push(Sound { full: sound, is_character: true });
        }
        position += 1;
    }
    sounds
}

/// The reading of the longest word of the table that `text` begins with.
fn longest_word(text: &str) -> Option<&'static Vec<&'static str>> {
    let ends: Vec<usize> = text.char_indices().map(|(at, letter)| at + letter.len_utf8()).take(LONGEST_WORD).collect();
    ends.iter().skip(1).rev().find_map(|end| {
        let word = &text[..*end];
        // Only a known word asks what follows: asking first would take exponential time on 长长长….
        let gives_way = |_: &&Vec<&str>| word.ends_with('长') && longest_word(&text[*end - '长'.len_utf8()..]).is_some();
        WORD_READINGS.get(word).filter(|reading| !gives_way(reading))
    })
}

/// The reading of the family name a person's name of `length` characters begins with.
fn family_name(name: &str, length: usize) -> Option<&'static Vec<&'static str>> {
    let begin = |count: usize| name.char_indices().nth(count).map_or(name, |(end, _)| &name[..end]);
    if WORD_READINGS.contains_key(begin(2)) && !FAMILY_READINGS.contains_key(begin(2)) {
        return None;
    }
    let double = FAMILY_READINGS.get(begin(2)).filter(|_| (3..=4).contains(&length));
    let single = || FAMILY_READINGS.get(begin(1)).filter(|_| (2..=3).contains(&length));
    double.or_else(single)
}

fn sound_of(letter: char) -> Option<String> {
    if let Some((_, sound)) = CHARACTERS.iter().find(|(character, _)| *character == letter) {
        return Some((*sound).to_owned());
    }
    letter.to_pinyin().map(|pinyin| pinyin.plain().replace('ü', "v"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_name_of_one_heteronym_is_read_at_once() {
        assert_eq!(NameKeys::of(&"长".repeat(100)).initials.len(), 100);
        assert_eq!(NameKeys::of(&"成长".repeat(50)).initials.len(), 100);
    }

    // S25
    #[test]
    fn names_sound_as_their_owners_say_them() {
        let mut wrong = Vec::new();
        for (name, full, initials) in [
            ("华为技术", "huaweijishu", "hwjs"),
            ("华为技术有限公司", "huaweijishuyouxiangongsi", "hwjsyxgs"),
            ("重庆长安汽车", "chongqingchanganqiche", "cqcaqc"),
            ("重庆银行", "chongqingyinhang", "cqyh"),
            ("三一重工", "sanyizhonggong", "syzg"),
            ("中国重汽", "zhongguozhongqi", "zgzq"),
            ("太原重型机械", "taiyuanzhongxingjixie", "tyzxjx"),
            ("长沙中联重科", "changshazhonglianzhongke", "cszlzk"),
            ("长城汽车", "changchengqiche", "ccqc"),
            ("长春一汽", "changchunyiqi", "ccyq"),
            ("深圳市长城物业", "shenzhenshichangchengwuye", "szsccwy"),
            ("老家长沙米粉", "laojiachangshamifen", "ljcsmf"),
            ("校长培训中心", "xiaozhangpeixunzhongxin", "xzpxzx"),
            ("中国乐凯", "zhongguolekai", "zglk"),
            ("老张自行车行", "laozhangzixingchehang", "lzzxch"),
            ("单车驿站", "dancheyizhan", "dcyz"),
            ("长江电力", "changjiangdianli", "cjdl"),
            ("四川长虹", "sichuanchanghong", "scch"),
            ("中国银行", "zhongguoyinhang", "zgyh"),
            ("招商银行深圳分行", "zhaoshangyinhangshenzhenfenhang", "zsyhszfh"),
            ("福兴商行", "fuxingshanghang", "fxsh"),
            ("老刘车行", "laoliuchehang", "llch"),
            ("中国旅行社", "zhongguolvxingshe", "zglxs"),
            ("永久自行车", "yongjiuzixingche", "yjzxc"),
            ("新华书店发行集团", "xinhuashudianfaxingjituan", "xhsdfxjt"),
            ("太行山旅游", "taihangshanlvyou", "thsly"),
            ("厦门航空", "xiamenhangkong", "xmhk"),
            ("金茂大厦", "jinmaodasha", "jmds"),
            ("六安瓜片", "luanguapian", "lagp"),
            ("蚌埠玻璃", "bengbuboli", "bbbl"),
            ("东莞银行", "dongguanyinhang", "dgyh"),
            ("乐清电器", "yueqingdianqi", "yqdq"),
            ("乐视网", "leshiwang", "lsw"),
            ("网易云音乐", "wangyiyunyinyue", "wyyyy"),
            ("腾讯音乐娱乐", "tengxunyinyueyule", "txyyyl"),
            ("朝阳轮胎", "chaoyangluntai", "cylt"),
            ("朝夕相伴", "zhaoxixiangban", "zxxb"),
            ("成都地铁", "chengduditie", "cddt"),
            ("首都机场", "shoudujichang", "sdjc"),
            ("番禺珠宝", "panyuzhubao", "pyzb"),
            ("番茄小说", "fanqiexiaoshuo", "fqxs"),
            ("浙江大学", "zhejiangdaxue", "zjdx"),
            ("立信会计师事务所", "lixinkuaijishishiwusuo", "lxkjssws"),
            ("格力空调", "gelikongtiao", "glkt"),
            ("零点调查", "lingdiandiaocha", "lddc"),
            ("李锦记调味品", "lijinjitiaoweipin", "ljjtwp"),
            ("西藏矿业", "xizangkuangye", "xzky"),
            ("冷藏物流", "lengcangwuliu", "lcwl"),
            ("东阿阿胶", "dongeejiao", "deej"),
            ("阿里巴巴", "alibaba", "albb"),
            ("同仁堂人参", "tongrentangrenshen", "trtrs"),
            ("吕梁绿色农业", "lvlianglvsenongye", "lllsny"),
            ("成长快乐", "chengzhangkuaile", "czkl"),
            ("增长黑盒", "zengzhangheihe", "zzhh"),
            ("蔚来汽车", "weilaiqiche", "wlqc"),
            ("荥阳铝业", "xingyanglvye", "xyly"),
            ("单县羊汤", "shanxianyangtang", "sxyt"),
            ("模具之家", "mujuzhijia", "mjzj"),
            ("模型科技", "moxingkeji", "mxkj"),
            ("解放汽车", "jiefangqiche", "jfqc"),
            ("区块链", "qukuailian", "qkl"),
            ("单田芳", "shantianfang", "stf"),
            ("解缙", "xiejin", "xj"),
            ("仇英", "qiuying", "qy"),
            ("区伟明", "ouweiming", "owm"),
            ("查良镛", "zhaliangyong", "zly"),
            ("曾国藩", "zengguofan", "zgf"),
            ("尉迟恭", "yuchigong", "ycg"),
            ("长孙无忌", "zhangsunwuji", "zswj"),
            ("欧阳修", "ouyangxiu", "oyx"),
            ("令狐冲", "linghuchong", "lhc"),
            ("朴明", "piaoming", "pm"),
            ("任正非", "renzhengfei", "rzf"),
            ("翟天临", "zhaitianlin", "ztl"),
            ("TCL科技", "tclkeji", "tclkj"),
            ("３Ｍ中国", "3mzhongguo", "3mzg"),
            ("Huawei Technologies", "huaweitechnologies", "huaweitechnologies"),
            ("华为（深圳）", "huaweishenzhen", "hwsz"),
            ("　", "", ""),
            ("！？", "", ""),
            ("Ёлка", "", ""),
        ] {
            let keys = NameKeys::of(name);
            if (keys.full.as_str(), keys.initials.as_str()) != (full, initials) {
                wrong.push(format!("{name}: {keys:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_tables_are_sound() {
        for (word, sounds) in WORDS.iter().chain(FAMILY_NAMES) {
            assert_eq!(word.chars().count(), sounds.split(' ').count(), "{word}");
            assert!(word.chars().count() <= LONGEST_WORD && sounds.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' '), "{word}");
        }
        for table in [WORDS, FAMILY_NAMES] {
            let distinct: std::collections::HashSet<_> = table.iter().map(|(word, _)| word).collect();
            assert_eq!(distinct.len(), table.len(), "a word stands twice");
        }
        // Every sound given must be one the dictionary knows for that character, or a spelling mistake would go unseen.
        let mut unknown = Vec::new();
        for (word, sounds) in WORDS.iter().chain(FAMILY_NAMES) {
            for (letter, sound) in word.chars().zip(sounds.split(' ')) {
                let known = pinyin::ToPinyinMulti::to_pinyin_multi(&letter)
                    .map(|all| all.into_iter().map(|one| one.plain().replace('ü', "v")).collect::<Vec<_>>())
                    .unwrap_or_default();
                if !known.iter().any(|one| one == sound) && !EXCEPTIONS.contains(&(letter, sound)) {
                    unknown.push(format!("{letter} {sound} in {word}: {known:?}"));
                }
            }
        }
        assert!(unknown.is_empty(), "{unknown:#?}");
    }

    /// Right, though the dictionary lacks them.
    const EXCEPTIONS: &[(char, &str)] = &[('乐', "lao"), ('解', "hai")];

    proptest! {
        #[test]
        fn keys_hold_letters_and_digits_only(name in "\\PC{0,20}") {
            let keys = NameKeys::of(&name);
            prop_assert!(keys.full.bytes().chain(keys.initials.bytes()).all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{:?}", keys);
            prop_assert!(keys.initials.len() <= keys.full.len());
        }
    }
}
