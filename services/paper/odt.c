// ODT (OpenDocument 1.2): XML by libxml2's writer, packed by libzip.
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zip.h>

#include "maker.h"

#define NAMESPACES                                                                                                     \
    " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""                                               \
    " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""                                                 \
    " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""                                        \
    " xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""     \
    " office:version=\"1.2\""
#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static const char MIME_TYPE[] = "application/vnd.oasis.opendocument.text";
static const char MANIFEST[] =
    XML_HEAD "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\""
             " manifest:version=\"1.2\">"
             "<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.2\""
             " manifest:media-type=\"application/vnd.oasis.opendocument.text\"/>"
             "<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>"
             "<manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>"
             "<manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/>"
             "</manifest:manifest>";
// Language and country, then width, height and orientation.
static const char STYLES[] =
    XML_HEAD "<office:document-styles" NAMESPACES "><office:styles>"
             "<style:default-style style:family=\"paragraph\"><style:paragraph-properties fo:margin-bottom=\"0.2cm\"/>"
             "<style:text-properties fo:font-family=\"'Liberation Sans'\" fo:font-size=\"11pt\" fo:language=\"%s\""
             " fo:country=\"%s\"/></style:default-style>"
             "<style:style style:name=\"Standard\" style:family=\"paragraph\"/>"
             "<style:style style:name=\"Right\" style:family=\"paragraph\" style:parent-style-name=\"Standard\">"
             "<style:paragraph-properties fo:text-align=\"end\"/></style:style>"
             "<style:style style:name=\"Quiet\" style:family=\"paragraph\" style:parent-style-name=\"Standard\">"
             "<style:text-properties fo:font-size=\"9pt\"/></style:style>"
             "<style:style style:name=\"Bold\" style:family=\"paragraph\" style:parent-style-name=\"Standard\">"
             "<style:text-properties fo:font-weight=\"bold\"/></style:style>"
             "<style:style style:name=\"Heading1\" style:display-name=\"Heading 1\" style:family=\"paragraph\""
             " style:default-outline-level=\"1\"><style:paragraph-properties fo:margin-top=\"0.3cm\"/>"
             "<style:text-properties fo:font-size=\"15pt\" fo:font-weight=\"bold\"/></style:style>"
             "<style:style style:name=\"Heading2\" style:display-name=\"Heading 2\" style:family=\"paragraph\""
             " style:default-outline-level=\"2\"><style:paragraph-properties fo:margin-top=\"0.3cm\"/>"
             "<style:text-properties fo:font-size=\"12pt\" fo:font-weight=\"bold\"/></style:style></office:styles>"
             "<office:automatic-styles><style:page-layout style:name=\"A4\"><style:page-layout-properties"
             " fo:page-width=\"%s\" fo:page-height=\"%s\" style:print-orientation=\"%s\" fo:margin=\"2cm\"/>"
             "</style:page-layout></office:automatic-styles><office:master-styles>"
             "<style:master-page style:name=\"Standard\" style:page-layout-name=\"A4\"/></office:master-styles>"
             "</office:document-styles>";

static const char *const NAMESPACE_LIST[][2] = {
    {"xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"},
    {"xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"},
    {"xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"},
    {"office:version", "1.2"},
};

struct odt {
    struct maker base;
    char *path, *styles, *meta;
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
    time_t made_at;
    bool has_list, is_broken;
    unsigned tables;
};

static void
begin(struct odt *odt, const char *name)
{
    odt->is_broken = xmlTextWriterStartElement(odt->writer, BAD_CAST name) < 0 || odt->is_broken;
}

static void
attribute(struct odt *odt, const char *name, const char *value)
{
    odt->is_broken = xmlTextWriterWriteAttribute(odt->writer, BAD_CAST name, BAD_CAST value) < 0 || odt->is_broken;
}

static void
end(struct odt *odt)
{
    odt->is_broken = xmlTextWriterEndElement(odt->writer) < 0 || odt->is_broken;
}

// Without the characters that XML cannot say.
static void
write_words(struct odt *odt, const char *text, size_t size)
{
    char *clean = malloc(size + 1);
    size_t count = 0;
    for (size_t i = 0; clean && i < size; i++)
        if ((unsigned char)text[i] >= ' ' || text[i] == '\t')
            clean[count++] = text[i];
    if (clean)
        clean[count] = '\0';
    odt->is_broken = !clean || xmlTextWriterWriteString(odt->writer, BAD_CAST clean) < 0 || odt->is_broken;
    free(clean);
}

static void
write_paragraph(struct odt *odt, const char *style, const char *text, size_t size)
{
    begin(odt, "text:p");
    attribute(odt, "text:style-name", style);
    write_words(odt, text, size);
    end(odt);
}

static void
end_list(struct odt *odt)
{
    if (odt->has_list)
        end(odt);
    odt->has_list = false;
}

static bool
add_heading(struct maker *maker, int level, const char *text)
{
    struct odt *odt = (struct odt *)maker;
    end_list(odt);
    begin(odt, "text:h");
    attribute(odt, "text:style-name", level == 1 ? "Heading1" : "Heading2");
    attribute(odt, "text:outline-level", level == 1 ? "1" : "2");
    write_words(odt, text, strlen(text));
    end(odt);
    return !odt->is_broken;
}

static bool
add_text(struct maker *maker, enum text_style style, const char *text)
{
    static const char *const styles[] = {[TEXT_PLAIN] = "Standard", [TEXT_RIGHT] = "Right", [TEXT_QUIET] = "Quiet"};
    struct odt *odt = (struct odt *)maker;
    end_list(odt);
    while (*text) {
        size_t size = strcspn(text, "\n");
        if (size > 0)
            write_paragraph(odt, styles[style], text, size);
        text += size + (text[size] == '\n');
    }
    return !odt->is_broken;
}

static bool
add_item(struct maker *maker, const char *text)
{
    struct odt *odt = (struct odt *)maker;
    if (!odt->has_list)
        begin(odt, "text:list");
    odt->has_list = true;
    begin(odt, "text:list-item");
    write_paragraph(odt, "Standard", text, strlen(text));
    end(odt);
    return !odt->is_broken;
}

static void
write_cell(struct odt *odt, const char *style, const char *text)
{
    begin(odt, "table:table-cell");
    attribute(odt, "office:value-type", "string");
    write_paragraph(odt, style, text, strlen(text));
    end(odt);
}

static bool
begin_table(struct maker *maker, const char *title, const struct column *columns, size_t count)
{
    struct odt *odt = (struct odt *)maker;
    char name[40];
    end_list(odt);
    if (*title && !add_heading(maker, 2, title))
        return false;
    snprintf(name, sizeof name, "Table%u", ++odt->tables);
    begin(odt, "table:table");
    attribute(odt, "table:name", name);
    for (size_t i = 0; i < count; i++) {
        begin(odt, "table:table-column");
        end(odt);
    }
    begin(odt, "table:table-header-rows");
    begin(odt, "table:table-row");
    for (size_t i = 0; i < count; i++)
        write_cell(odt, "Bold", columns[i].title);
    end(odt);
    end(odt);
    return !odt->is_broken;
}

static bool
add_row(struct maker *maker, char *const *cells, size_t count, bool is_sum)
{
    struct odt *odt = (struct odt *)maker;
    begin(odt, "table:table-row");
    for (size_t i = 0; i < count; i++)
        write_cell(odt, is_sum ? "Bold" : "Standard", cells[i]);
    end(odt);
    return !odt->is_broken;
}

static bool
end_table(struct maker *maker)
{
    struct odt *odt = (struct odt *)maker;
    end(odt);
    return !odt->is_broken;
}

// `text` lives until the archive is closed.
static bool
pack(struct odt *odt, zip_t *archive, const char *name, const char *text, size_t size)
{
    zip_source_t *source = zip_source_buffer(archive, text, size, 0);
    zip_int64_t place = source ? zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (place < 0) {
        zip_source_free(source);
        return false;
    }
    bool is_kind = strcmp(name, "mimetype") == 0;
    return zip_file_set_mtime(archive, (zip_uint64_t)place, odt->made_at, 0) == 0 &&
           zip_set_file_compression(archive, (zip_uint64_t)place, is_kind ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) == 0;
}

static bool
pack_all(struct odt *odt)
{
    int error;
    zip_t *archive = zip_open(odt->path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    if (!archive)
        return false;
    // What it is stands first, so that it can be told by its bytes.
    bool is_packed = pack(odt, archive, "mimetype", MIME_TYPE, sizeof MIME_TYPE - 1) &&
                     pack(odt, archive, "META-INF/manifest.xml", MANIFEST, sizeof MANIFEST - 1) &&
                     pack(odt, archive, "styles.xml", odt->styles, strlen(odt->styles)) &&
                     pack(odt, archive, "meta.xml", odt->meta, strlen(odt->meta)) &&
                     pack(odt, archive, "content.xml", (const char *)xmlBufferContent(odt->buffer),
                          (size_t)xmlBufferLength(odt->buffer));
    if (is_packed && zip_close(archive) == 0)
        return true;
    zip_discard(archive);
    return false;
}

static void
free_all(struct odt *odt)
{
    if (odt->writer)
        xmlFreeTextWriter(odt->writer);
    if (odt->buffer)
        xmlBufferFree(odt->buffer);
    free(odt->path);
    free(odt->styles);
    free(odt->meta);
    free(odt);
}

static bool
close_odt(struct maker *maker, bool is_whole)
{
    struct odt *odt = (struct odt *)maker;
    if (is_whole) {
        end_list(odt);
        is_whole = !odt->is_broken && xmlTextWriterEndDocument(odt->writer) >= 0;
        xmlFreeTextWriter(odt->writer);
        odt->writer = NULL;
        is_whole = is_whole && pack_all(odt);
    }
    free_all(odt);
    return is_whole;
}

static bool
write_about(struct odt *odt, const struct about *about)
{
    bool is_english = strcmp(about->language, "en") == 0;
    struct tm moment = {0};
    xmlChar *title = xmlEncodeSpecialChars(NULL, BAD_CAST about->title);
    xmlChar *author = xmlEncodeSpecialChars(NULL, BAD_CAST about->author);
    bool is_written =
        title && author && strptime(about->made_at, "%Y-%m-%dT%H:%M:%S", &moment) &&
        asprintf(&odt->styles, STYLES, is_english ? "en" : "ru", is_english ? "GB" : "RU",
                 about->is_landscape ? "29.7cm" : "21cm", about->is_landscape ? "21cm" : "29.7cm",
                 about->is_landscape ? "landscape" : "portrait") > 0 &&
        asprintf(&odt->meta,
                 XML_HEAD "<office:document-meta" NAMESPACES "><office:meta><dc:title>%s</dc:title>"
                          "<dc:creator>%s</dc:creator><meta:creation-date>%.19s</meta:creation-date>"
                          "<dc:language>%s</dc:language></office:meta></office:document-meta>",
                 (const char *)title, (const char *)author, about->made_at, is_english ? "en-GB" : "ru-RU") > 0;
    odt->made_at = timegm(&moment);
    xmlFree(title);
    xmlFree(author);
    return is_written;
}

static bool
begin_content(struct odt *odt)
{
    odt->buffer = xmlBufferCreate();
    odt->writer = odt->buffer ? xmlNewTextWriterMemory(odt->buffer, 0) : NULL;
    if (!odt->writer)
        return false;
    odt->is_broken = xmlTextWriterStartDocument(odt->writer, NULL, "UTF-8", NULL) < 0;
    begin(odt, "office:document-content");
    for (size_t i = 0; i < sizeof NAMESPACE_LIST / sizeof NAMESPACE_LIST[0]; i++)
        attribute(odt, NAMESPACE_LIST[i][0], NAMESPACE_LIST[i][1]);
    // These are ended with the document.
    begin(odt, "office:body");
    begin(odt, "office:text");
    return !odt->is_broken;
}

struct maker *
odt_new(const char *path, const struct about *about)
{
    struct odt *odt = calloc(1, sizeof *odt);
    if (!odt)
        return NULL;
    odt->base = (struct maker){add_heading, add_text, add_item, begin_table, add_row, end_table, close_odt};
    odt->path = strdup(path);
    if (odt->path && write_about(odt, about) && begin_content(odt))
        return &odt->base;
    free_all(odt);
    return NULL;
}
