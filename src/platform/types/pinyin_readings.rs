//! Readings the dictionary cannot know: which of its sounds a character has in a firm, a place or a family name.
//!
//! ü is written v, as people type it.

/// Words read as a whole, one sound per character. The longest word at a place wins, but a word ending
/// in 长 gives way to one beginning with it: 家长沙龙 is rare, 老家长沙 is not.
#[rustfmt::skip]
pub(super) const WORDS: &[(&str, &str)] = &[
    // 行: a trade or a bank is hang, going is xing
    ("银行", "yin hang"), ("商行", "shang hang"), ("行业", "hang ye"), ("车行", "che hang"), ("分行", "fen hang"), ("支行", "zhi hang"),
    ("总行", "zong hang"), ("投行", "tou hang"), ("央行", "yang hang"), ("农行", "nong hang"), ("建行", "jian hang"), ("工行", "gong hang"),
    ("中行", "zhong hang"), ("交行", "jiao hang"), ("招行", "zhao hang"), ("洋行", "yang hang"), ("典当行", "dian dang hang"),
    ("拍卖行", "pai mai hang"), ("贸易行", "mao yi hang"), ("五金行", "wu jin hang"), ("建材行", "jian cai hang"), ("电器行", "dian qi hang"),
    ("批发行", "pi fa hang"), ("茶行", "cha hang"), ("粮行", "liang hang"), ("药行", "yao hang"), ("布行", "bu hang"), ("琴行", "qin hang"),
    ("珠宝行", "zhu bao hang"), ("行情", "hang qing"), ("行家", "hang jia"), ("行列", "hang lie"), ("行长", "hang zhang"), ("太行", "tai hang"),
    ("发行", "fa xing"), ("旅行", "lv xing"), ("自行车", "zi xing che"), ("自行车行", "zi xing che hang"), ("步行街", "bu xing jie"),
    // 长: long is chang, growing and heading is zhang
    ("成长", "cheng zhang"), ("增长", "zeng zhang"), ("生长", "sheng zhang"), ("校长", "xiao zhang"), ("董事长", "dong shi zhang"),
    ("院长", "yuan zhang"), ("船长", "chuan zhang"), ("家长", "jia zhang"),
    ("店长", "dian zhang"), ("队长", "dui zhang"), ("长子县", "zhang zi xian"), ("长大", "zhang da"), ("长辈", "zhang bei"), ("长者", "zhang zhe"),
    ("助长", "zhu zhang"),
    ("长沙", "chang sha"), ("长城", "chang cheng"), ("长安", "chang an"), ("长春", "chang chun"), ("长江", "chang jiang"), ("长三角", "chang san jiao"),
    ("长虹", "chang hong"), ("长宁", "chang ning"), ("长兴", "chang xing"), ("长远", "chang yuan"), ("长荣", "chang rong"), ("长乐", "chang le"),
    // 重: heavy is zhong, again and doubled is chong
    ("重庆", "chong qing"), ("重阳", "chong yang"), ("重组", "chong zu"), ("重建", "chong jian"), ("重新", "chong xin"), ("重启", "chong qi"), ("重生", "chong sheng"),
    ("重塑", "chong su"), ("重构", "chong gou"), ("重逢", "chong feng"), ("重复", "chong fu"), ("重山", "chong shan"), ("重楼", "chong lou"), ("九重", "jiu chong"), ("双重", "shuang chong"),
    // 乐: joy is le, music is yue
    ("音乐", "yin yue"), ("乐器", "yue qi"), ("乐团", "yue tuan"), ("乐队", "yue dui"), ("乐谱", "yue pu"), ("声乐", "sheng yue"),
    ("礼乐", "li yue"), ("乐坛", "yue tan"), ("乐章", "yue zhang"), ("乐曲", "yue qu"), ("乐府", "yue fu"), ("弦乐", "xian yue"), ("管乐", "guan yue"),
    ("爱乐乐团", "ai yue yue tuan"), ("奏乐", "zou yue"), ("乐清", "yue qing"), ("乐亭", "lao ting"), ("乐陵", "lao ling"), ("乐毅", "yue yi"),
    // 朝, 都, 厦, 会, 调, 传
    ("朝夕", "zhao xi"), ("今朝", "jin zhao"), ("朝气", "zhao qi"), ("朝晖", "zhao hui"), ("朝霞", "zhao xia"), ("朝露", "zhao lu"), ("朝花", "zhao hua"), ("朝闻", "zhao wen"), ("朝天", "chao tian"),
    ("大厦", "da sha"), ("广厦", "guang sha"), ("厦门", "xia men"), ("会计", "kuai ji"), ("会稽", "kuai ji"), ("财会", "cai kuai"),
    ("空调", "kong tiao"), ("调味", "tiao wei"), ("调料", "tiao liao"), ("调节", "tiao jie"), ("调理", "tiao li"), ("协调", "xie tiao"), ("调和", "tiao he"), ("调色", "tiao se"),
    ("调光", "tiao guang"), ("调压", "tiao ya"), ("调酒", "tiao jiu"), ("调试", "tiao shi"), ("调解", "tiao jie"), ("调湿", "tiao shi"), ("调速", "tiao su"),
    ("传记", "zhuan ji"), ("水浒传", "shui hu zhuan"),
    // 藏, 参, 石, 种, 便, 降, 省, 数, 卷, 露, 薄, 血, 率, 校, 角, 卡, 茄, 模, 炮, 泊, 奇, 铺
    ("西藏", "xi zang"), ("青藏", "qing zang"), ("藏药", "zang yao"), ("藏医", "zang yi"), ("藏族", "zang zu"), ("藏文", "zang wen"), ("宝藏", "bao zang"), ("川藏", "chuan zang"), ("藏香", "zang xiang"),
    ("人参", "ren shen"), ("海参", "hai shen"), ("参茸", "shen rong"), ("红参", "hong shen"), ("西洋参", "xi yang shen"), ("党参", "dang shen"), ("丹参", "dan shen"), ("野山参", "ye shan shen"),
    ("便宜", "pian yi"), ("投降", "tou xiang"), ("反省", "fan xing"), ("种植", "zhong zhi"), ("效率", "xiao lv"), ("利率", "li lv"), ("税率", "shui lv"), ("费率", "fei lv"), ("汇率", "hui lv"), ("功率", "gong lv"), ("频率", "pin lv"),
    ("校准", "jiao zhun"), ("校对", "jiao dui"), ("校验", "jiao yan"), ("角色", "jue se"), ("主角", "zhu jue"), ("关卡", "guan qia"), ("番茄", "fan qie"), ("茄子", "qie zi"), ("模具", "mu ju"), ("模板", "mu ban"), ("模样", "mu yang"), ("注模", "zhu mu"),
    ("血液", "xue ye"), ("咖喱", "ga li"), ("厦航", "xia hang"), ("什么", "shen me"), ("什锦", "shi jin"), ("强劲", "qiang jing"), ("劲旅", "jing lv"), ("劲酒", "jing jiu"),
    ("曝光", "bao guang"), ("色子", "shai zi"), ("塞外", "sai wai"), ("要塞", "yao sai"), ("活塞", "huo sai"), ("阻塞", "zu se"), ("落枕", "lao zhen"), ("联系", "lian xi"), ("牛仔", "niu zai"), ("仔细", "zi xi"), ("巷道", "hang dao"),
    ("大夫", "dai fu"), ("万俟", "mo qi"), ("阿胶", "e jiao"), ("阿房", "e pang"), ("东阿", "dong e"), ("石斛", "shi hu"), ("单于", "chan yu"), ("车马炮", "ju ma pao"), ("供给", "gong ji"), ("给水", "ji shui"), ("给排水", "ji pai shui"),
    ("柏林", "bo lin"), ("蔚来", "wei lai"), ("解放", "jie fang"), ("解决", "jie jue"), ("单位", "dan wei"), ("单车", "dan che"), ("单一", "dan yi"), ("单元", "dan yuan"), ("单品", "dan pin"), ("解码", "jie ma"), ("解忧", "jie you"), ("区域", "qu yu"), ("区块", "qu kuai"), ("查询", "cha xun"), ("曾经", "ceng jing"), ("盖世", "gai shi"), ("绿林", "lu lin"), ("鸭绿江", "ya lu jiang"),
    ("相似", "xiang si"), ("强迫", "qiang po"), ("露天", "lu tian"), ("没收", "mo shou"), ("沉没", "chen mo"), ("勉强", "mian qiang"), ("数据", "shu ju"), ("处理", "chu li"),
    // Places
    ("六安", "lu an"), ("六合区", "lu he qu"), ("南京六合", "nan jing lu he"), ("蚌埠", "beng bu"), ("东莞", "dong guan"), ("莞城", "guan cheng"), ("番禺", "pan yu"), ("成都", "cheng du"), ("大埔", "da bu"), ("黄埔", "huang pu"),
    ("大城县", "dai cheng xian"), ("蔚县", "yu xian"), ("尉犁", "yu li"), ("单县", "shan xian"), ("解州", "hai zhou"), ("繁峙", "fan shi"), ("涡阳", "guo yang"), ("泌阳", "bi yang"), ("浚县", "xun xian"), ("莘县", "shen xian"), ("莘庄", "xin zhuang"), ("莘松", "xin song"),
    ("铅山", "yan shan"), ("洪洞", "hong tong"), ("枞阳", "zong yang"), ("歙县", "she xian"), ("隰县", "xi xian"), ("秘鲁", "bi lu"), ("犍为", "qian wei"), ("筠连", "jun lian"), ("荥阳", "xing yang"), ("荥经", "ying jing"), ("黄陂", "huang pi"),
    ("浒墅关", "xu shu guan"), ("浒关", "xu guan"), ("浒苔", "hu tai"), ("台州", "tai zhou"), ("天台", "tian tai"), ("珲春", "hun chun"), ("瑷珲", "ai hui"), ("吐蕃", "tu bo"), ("吐鲁番", "tu lu fan"), ("呼和浩特", "hu he hao te"), ("巴音郭楞", "ba yin guo leng"),
    ("石家庄", "shi jia zhuang"), ("乌鲁木齐", "wu lu mu qi"), ("阿里", "a li"), ("红磡", "hong kan"), ("嵊州", "sheng zhou"), ("嵊泗", "sheng si"), ("新余", "xin yu"), ("会理", "hui li"), ("泊头", "bo tou"), ("梁山泊", "liang shan po"), ("华阴", "hua yin"), ("郴州", "chen zhou"),
    ("柏乡", "bai xiang"), ("勐腊", "meng la"), ("睢宁", "sui ning"), ("睢县", "sui xian"), ("涪陵", "fu ling"), ("长垣", "chang yuan"), ("朝鲜", "chao xian"), ("尉氏", "wei shi"), ("牟平", "mu ping"), ("中牟", "zhong mu"), ("句容", "ju rong"), ("句章", "gou zhang"), ("台儿庄", "tai er zhuang"),
    ("盛泽", "sheng ze"), ("车公庙", "che gong miao"), ("十里堡", "shi li pu"), ("马家堡", "ma jia pu"), ("瓦窑堡", "wa yao bu"), ("吴堡", "wu bu"), ("柴沟堡", "chai gou bu"), ("侯马", "hou ma"), ("闽侯", "min hou"), ("厦大", "xia da"), ("尼勒克", "ni le ke"), ("勒流", "le liu"), ("弥勒", "mi le"), ("额尔古纳", "e er gu na"),
];

/// Characters whose commonest sound in names is not the dictionary's first.
#[rustfmt::skip]
pub(super) const CHARACTERS: &[(char, &str)] = &[
    ('长', "chang"), ('厦', "xia"), ('都', "du"), ('曾', "zeng"), ('缪', "miao"), ('覃', "qin"), ('翟', "zhai"), ('晟', "sheng"), ('圳', "zhen"), ('仔', "zai"), ('秘', "mi"), ('隗', "wei"),
];

/// How these characters sound as the family name of a person. Only those few that begin hardly any brand.
#[rustfmt::skip]
pub(super) const FAMILY_NAMES: &[(&str, &str)] = &[
    ("单", "shan"), ("解", "xie"), ("仇", "qiu"), ("区", "ou"), ("查", "zha"), ("曾", "zeng"), ("朴", "piao"), ("翟", "zhai"), ("冼", "xian"), ("缪", "miao"), ("宓", "mi"),
    ("覃", "qin"), ("逄", "pang"), ("隗", "wei"), ("眭", "sui"),
    ("尉迟", "yu chi"), ("万俟", "mo qi"), ("澹台", "tan tai"), ("令狐", "ling hu"), ("长孙", "zhang sun"), ("单于", "chan yu"), ("鲜于", "xian yu"), ("宇文", "yu wen"), ("呼延", "hu yan"), ("皇甫", "huang fu"), ("夏侯", "xia hou"), ("欧阳", "ou yang"), ("司马", "si ma"), ("上官", "shang guan"), ("诸葛", "zhu ge"), ("东方", "dong fang"), ("慕容", "mu rong"), ("公孙", "gong sun"), ("端木", "duan mu"),
];
