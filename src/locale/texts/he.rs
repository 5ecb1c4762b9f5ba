//! Hebrew.

use icu_plurals::PluralCategory;

use super::{Texts, dashed};

/// What pages say in Hebrew.
pub(super) const TEXTS: Texts = Texts {
    month: "חודש",
    week: "שבוע",
    day: "יום",
    agenda: "סדר יום",
    list: "רשימה",
    next_event: "האירוע הבא",
    views: "תצוגות",
    today: "היום",
    previous: "הקודם",
    next: "הבא",
    all_day: "כל היום",
    cancelled: "בוטל",
    tentative: "טרם אושר",
    search: "חיפוש",
    group: "קבוצה",
    all_groups: "כל הקבוצות",
    date: "תאריך",
    time_zone: "אזור זמן",
    my_time: "השעה שלי",
    show: "הצגה",
    options: "אפשרויות",
    clear: "ניקוי",
    subscribe: "הרשמה ליומן",
    show_more: "הצגת אירועים נוספים",
    nothing: "אין אירועים בתקופה זו.",
    nothing_found: "לא נמצא אירוע מתאים.",
    nothing_ahead: "אין אירועים קרובים.",
    unknown: "היומן הזה אינו קיים",
    unknown_why: "ייתכן ששמו שונה או שהוא נסגר. מפעילי האתר יודעים יותר.",
    not_yet: "היומן בדרך",
    not_yet_why: "המערכת שממנה הוא מגיע עדיין לא השיבה. הדף ינסה שוב בעוד חצי דקה.",
    bad_address: "לא ניתן לקרוא את הכתובת הזו",
    bad_date: "יש לכתוב את התאריך כך: 2026-11, ‏2026-W47 או 2026-11-14.",
    bad_view: "יש לבחור באחת מהתצוגות האלה:",
    comma: ", ",
    more: |count, day| match count.form {
        PluralCategory::One => format!("אירוע אחד נוסף ב־{day}"),
        PluralCategory::Two => format!("שני אירועים נוספים ב־{day}"),
        _ => format!("{digits} אירועים נוספים ב־{day}", digits = count.digits),
    },
    found: |count| match count.form {
        PluralCategory::One => "נמצא אירוע אחד".to_owned(),
        PluralCategory::Two => "נמצאו שני אירועים".to_owned(),
        _ => format!("נמצאו {digits} אירועים", digits = count.digits),
    },
    until: |day| format!("עד {day}"),
    day_of: |day, days| format!("יום {day} מתוך {days}"),
    span: dashed,
    as_of: |time| format!("נכון ל־{time}"),
};
