//! Japanese.

use super::Texts;

/// What pages say in Japanese.
pub(super) const TEXTS: Texts = Texts {
    month: "月",
    week: "週",
    day: "日",
    agenda: "予定表",
    list: "リスト",
    next_event: "次のイベント",
    views: "表示",
    today: "今日",
    previous: "前へ",
    next: "次へ",
    all_day: "終日",
    cancelled: "中止",
    tentative: "仮予定",
    search: "検索",
    group: "グループ",
    all_groups: "すべてのグループ",
    date: "日付",
    time_zone: "タイムゾーン",
    my_time: "自分の時間帯",
    show: "表示する",
    options: "オプション",
    clear: "クリア",
    subscribe: "カレンダーを購読",
    show_more: "さらに表示",
    nothing: "この期間のイベントはありません。",
    nothing_found: "該当するイベントはありません。",
    nothing_ahead: "今後のイベントはありません。",
    unknown: "このカレンダーはありません",
    unknown_why: "名前が変わったか、閉じられた可能性があります。詳しくはこのサイトの運営者にお問い合わせください。",
    not_yet: "カレンダーを準備しています",
    not_yet_why: "提供元のシステムからまだ応答がありません。30秒後に自動で再試行します。",
    bad_address: "このアドレスは読み取れません",
    bad_date: "日付は 2026-11、2026-W47、2026-11-14 のように書いてください。",
    bad_view: "次の表示から選んでください：",
    comma: "、",
    more: |count, day| format!("{day}のほかのイベント {digits}件", digits = count.digits),
    found: |count| {
        format!(
            "{digits}件のイベントが見つかりました",
            digits = count.digits
        )
    },
    until: |day| format!("{day}まで"),
    day_of: |day, days| format!("{days}日間の{day}日目"),
    span: |first, last| format!("{first}～{last}"),
    as_of: |time| format!("{time}現在"),
};
