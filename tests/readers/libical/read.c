/* Reads one iCalendar object from stdin and prints its events as JSON (tests/readers/README.md). */
#include <libical/ical.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void malformed(const char *who, const char *what) {
    fprintf(stderr, "libical: %s: %s\n", who ? who : "calendar", what);
    exit(1);
}

static char *read_all(FILE *input) {
    size_t size = 0, room = 1 << 16;
    char *text = malloc(room + 1);
    while (text) {
        size += fread(text + size, 1, room - size, input);
        if (size < room)
            break;
        room *= 2;
        text = realloc(text, room + 1);
    }
    if (!text || ferror(input))
        malformed(NULL, "stdin cannot be read");
    text[size] = '\0';
    if (strlen(text) != size)
        malformed(NULL, "the input holds a NUL");
    return text;
}

/* The library closes whatever is open at an END, whatever the END says. */
static void check_nesting(const char *text) {
    enum { deepest = 16 };
    const char *open[deepest];
    size_t depth = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncmp(line, "BEGIN:", 6) == 0) {
            if (depth == deepest)
                malformed(NULL, "components are nested too deeply");
            open[depth++] = line + 6;
        } else if (strncmp(line, "END:", 4) == 0) {
            size_t length = strcspn(line + 4, "\r\n");
            if (depth == 0 || strcspn(open[depth - 1], "\r\n") != length ||
                strncmp(open[--depth], line + 4, length) != 0)
                malformed(NULL, "an END closes nothing");
        }
    }
    if (depth > 0)
        malformed(NULL, "a component is not closed");
}

static void put_string(const char *text) {
    if (!text) {
        fputs("null", stdout);
        return;
    }
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20)
            printf("\\u%04x", *at);
        else
            putchar(*at);
    }
    putchar('"');
}

static void put_field(const char *name, const char *text) {
    printf(", \"%s\": ", name);
    put_string(text);
}

/* The only property of this kind, or NULL. */
static icalproperty *one(icalcomponent *event, icalproperty_kind kind) {
    icalproperty *first = icalcomponent_get_first_property(event, kind);
    if (first && icalcomponent_get_next_property(event, kind))
        malformed(icalcomponent_get_uid(event), "a property stands more than once");
    return first;
}

/* Parse errors stand in the tree as properties of their own; empty components say nothing. */
static void check_errors(icalcomponent *component) {
    icalproperty *error = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
    if (error)
        malformed(icalcomponent_get_uid(component), icalproperty_get_xlicerror(error));
    for (icalcomponent *part = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT); part;
         part = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
        check_errors(part);
}

struct moment {
    bool given, all_day;
    char local[32], utc[32];
    const char *tzid;
};

/* What DTSTART or DTEND says; the instant comes from the VTIMEZONE of this calendar. */
static struct moment read_moment(icalcomponent *calendar, const char *uid, icalproperty *property) {
    struct moment result = {0};
    if (!property)
        return result;
    struct icaltimetype time = icalvalue_get_datetimedate(icalproperty_get_value(property));
    if (icaltime_is_null_time(time))
        malformed(uid, "a time cannot be read");
    result.given = true;
    result.all_day = time.is_date;
    int length = snprintf(result.local, sizeof result.local, "%04d-%02d-%02d", time.year, time.month, time.day);
    if (time.is_date)
        return result;
    snprintf(result.local + length, sizeof result.local - (size_t)length, "T%02d:%02d:%02d", time.hour, time.minute,
             time.second);

    icalparameter *named = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    icaltimezone *zone = icaltimezone_get_utc_timezone();
    if (named) {
        result.tzid = icalparameter_get_tzid(named);
        /* Looks among the VTIMEZONEs of this calendar only, never among the zones of the machine. */
        zone = icalcomponent_get_timezone(calendar, result.tzid);
        if (!zone)
            malformed(uid, "a TZID has no VTIMEZONE");
    } else if (!icaltime_is_utc(time)) {
        malformed(uid, "a time has no zone");
    }
    time_t instant = icaltime_as_timet_with_zone(time, zone);
    strftime(result.utc, sizeof result.utc, "%Y-%m-%dT%H:%M:%SZ", gmtime(&instant));
    return result;
}

static const char *written(const char *text) { return text[0] ? text : NULL; }

static void put_categories(icalcomponent *event) {
    const char *gap = "";
    fputs(", \"categories\": [", stdout);
    for (icalproperty *list = icalcomponent_get_first_property(event, ICAL_CATEGORIES_PROPERTY); list;
         list = icalcomponent_get_next_property(event, ICAL_CATEGORIES_PROPERTY)) {
        fputs(gap, stdout);
        put_string(icalproperty_get_categories(list));
        gap = ", ";
    }
    putchar(']');
}

static void put_event(icalcomponent *calendar, icalcomponent *event) {
    const char *uid = icalcomponent_get_uid(event);
    if (!one(event, ICAL_UID_PROPERTY))
        malformed(NULL, "an event has no UID");
    icalproperty *dtstart = one(event, ICAL_DTSTART_PROPERTY);
    if (!dtstart)
        malformed(uid, "DTSTART is missing");
    struct moment start = read_moment(calendar, uid, dtstart);
    struct moment end = read_moment(calendar, uid, one(event, ICAL_DTEND_PROPERTY));
    icalproperty *summary = one(event, ICAL_SUMMARY_PROPERTY);
    icalproperty *status = one(event, ICAL_STATUS_PROPERTY);
    icalproperty *sequence = one(event, ICAL_SEQUENCE_PROPERTY);
    icalproperty *location = one(event, ICAL_LOCATION_PROPERTY);
    icalproperty *description = one(event, ICAL_DESCRIPTION_PROPERTY);

    fputs("{\"uid\": ", stdout);
    put_string(uid);
    put_field("summary", summary ? icalproperty_get_summary(summary) : NULL);
    put_field("status", status ? icalproperty_status_to_string(icalproperty_get_status(status)) : NULL);
    printf(", \"sequence\": %d", sequence ? icalproperty_get_sequence(sequence) : 0);
    printf(", \"all_day\": %s", start.all_day ? "true" : "false");
    put_field("start_local", start.local);
    put_field("tzid", start.tzid);
    put_field("start_utc", written(start.utc));
    put_field("end_local", written(end.local));
    put_field("end_utc", written(end.utc));
    put_field("location", location ? icalproperty_get_location(location) : NULL);
    put_field("description", description ? icalproperty_get_description(description) : NULL);
    put_categories(event);
    putchar('}');
}

int main(void) {
    char *text = read_all(stdin);
    check_nesting(text);
    icalerror_set_errors_are_fatal(false);
    icalcomponent *calendar = icalparser_parse_string(text);
    if (!calendar || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT)
        malformed(NULL, "the input is not exactly one VCALENDAR");
    check_errors(calendar);

    const char *gap = "";
    putchar('[');
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        fputs(gap, stdout);
        put_event(calendar, event);
        gap = ", ";
    }
    puts("]");
    icalcomponent_free(calendar);
    free(text);
    return 0;
}
