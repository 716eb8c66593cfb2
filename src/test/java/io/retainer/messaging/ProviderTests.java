package io.retainer.messaging;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.retainer.messaging.Carrier.Accepted;
import io.retainer.messaging.Carrier.Letter;
import io.retainer.messaging.Carrier.Rejected;
import io.retainer.messaging.Carrier.TryAgain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.json.JsonMapper;

/** The two HTTP providers as they really answer, and what is never called (reliability.md SEC-7). */
class ProviderTests {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-01-06T01:00:00Z"), ZoneOffset.UTC);
    private static final UUID ID = UUID.fromString("01970000-0000-7000-8000-000000000001");

    private final WireMockServer provider = new WireMockServer(wireMockConfig().dynamicPort());
    private final Wire wire = new Wire(true, Duration.ofSeconds(5));
    private SmsCarrier sms;
    private WecomCarrier wecom;
    private WecomCustomers customers;

    @BeforeEach
    void start() {
        provider.start();
        sms = sms(wire);
        wecom = new WecomCarrier(wire, JsonMapper.shared(), CLOCK, provider.baseUrl(), "corp", "s3cret", 7);
        customers = new WecomCustomers(wire, JsonMapper.shared(), CLOCK, provider.baseUrl(), "corp", "c0ntact");
        provider.stubFor(get(urlPathEqualTo("/cgi-bin/gettoken"))
                .willReturn(okJson("{\"errcode\":0,\"access_token\":\"T1\",\"expires_in\":7200}")));
    }

    private SmsCarrier sms(Wire over) {
        return new SmsCarrier(
                over,
                JsonMapper.shared(),
                new MockEnvironment().withProperty("retainer.sms.templates.messaging.code", "SMS_1"),
                CLOCK,
                provider.baseUrl() + "/",
                "key",
                "secret",
                "履约");
    }

    @AfterEach
    void stop() {
        provider.stop();
    }

    /** The worked example in the provider's own documentation of signature version 1.0. */
    @Test
    void signsAsTheProvidersDocumentationDoes() {
        var parameters = new TreeMap<>(Map.of(
                "Timestamp", "2016-02-23T12:46:24Z",
                "Format", "XML",
                "AccessKeyId", "testid",
                "Action", "DescribeRegions",
                "SignatureMethod", "HMAC-SHA1",
                "SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
                "Version", "2014-05-26",
                "SignatureVersion", "1.0"));
        assertThat(SmsCarrier.sign("GET", parameters, "testsecret")).isEqualTo("OLeaidS1JvxuMvnyHOwuJ+uX5qY=");
    }

    @ParameterizedTest
    @CsvSource({
        "OK, Accepted",
        "isv.MOBILE_NUMBER_ILLEGAL, Rejected",
        "isv.BUSINESS_LIMIT_CONTROL, TryAgain",
        "isv.SMS_TEMPLATE_ILLEGAL, Rejected",
        "SignatureDoesNotMatch, TryAgain"
    })
    void aTextMessageIsTakenRefusedOrPutOff(String code, String outcome) {
        provider.stubFor(post(urlPathEqualTo("/")).willReturn(okJson("{\"Code\":\"" + code + "\",\"BizId\":\"b1\"}")));
        assertThat(sms.carry(letter("+8613800000000")).getClass().getSimpleName())
                .isEqualTo(outcome);
        provider.verify(postRequestedFor(urlPathEqualTo("/"))
                .withRequestBody(containing("PhoneNumbers=13800000000"))
                .withRequestBody(containing("OutId=" + ID))
                .withRequestBody(containing("Signature=")));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void aBusyProviderIsTriedAgainNoSoonerThanItAsks(int status) {
        provider.stubFor(post(urlPathEqualTo("/"))
                .willReturn(aResponse().withStatus(status).withHeader("Retry-After", "90")));
        assertThat(sms.carry(letter("13800000000"))).isEqualTo(new TryAgain("providerBusy", Duration.ofSeconds(90)));
    }

    @Test
    void slownessEndsAndRedirectsAreNotFollowed() {
        provider.stubFor(post(urlPathEqualTo("/")).willReturn(okJson("{}").withFixedDelay(3000)));
        assertThat(sms(new Wire(true, Duration.ofMillis(700))).carry(letter("13800000000")))
                .isEqualTo(new TryAgain("providerAway"));
        provider.stubFor(post(urlPathEqualTo("/"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", provider.baseUrl() + "/elsewhere")
                        .withBody("{}")));
        assertThat(sms.carry(letter("13800000000"))).isEqualTo(new TryAgain("providerAway"));
        provider.verify(0, postRequestedFor(urlPathEqualTo("/elsewhere")));
        provider.verify(0, getRequestedFor(urlPathEqualTo("/elsewhere")));
        provider.stubFor(post(urlPathEqualTo("/")).willReturn(okJson("x".repeat(70_000))));
        assertThat(sms.carry(letter("13800000000"))).isEqualTo(new TryAgain("providerAway"));
    }

    @Test
    void weComKeepsItsTokenAndFetchesAnotherWhenItHasEnded() {
        provider.stubFor(post(urlPathEqualTo("/cgi-bin/message/send"))
                .willReturn(okJson("{\"errcode\":0,\"msgid\":\"m1\",\"invaliduser\":\"\"}")));
        assertThat(wecom.carry(letter("zhang"))).isEqualTo(new Accepted("m1"));
        assertThat(wecom.carry(letter("zhang"))).isEqualTo(new Accepted("m1"));
        provider.verify(1, getRequestedFor(urlPathEqualTo("/cgi-bin/gettoken")));
        provider.verify(
                2,
                postRequestedFor(urlPathEqualTo("/cgi-bin/message/send"))
                        .withRequestBody(containing("\"enable_duplicate_check\":1")));
        provider.stubFor(post(urlPathEqualTo("/cgi-bin/message/send")).willReturn(okJson("{\"errcode\":42001}")));
        assertThat(wecom.carry(letter("zhang"))).isInstanceOf(TryAgain.class);
        provider.verify(2, getRequestedFor(urlPathEqualTo("/cgi-bin/gettoken")));
        provider.stubFor(post(urlPathEqualTo("/cgi-bin/message/send"))
                .willReturn(okJson("{\"errcode\":0,\"invaliduser\":\"zhang\"}")));
        assertThat(wecom.carry(letter("zhang"))).isEqualTo(new Rejected("badAddress", true));
    }

    private static final String EXTERNAL = "wmqfasd1e19278asdasAAAABBBBCCCCD";

    /** add_msg_template makes a task for a colleague; a customer named in fail_list gets nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"errcode\":0,\"fail_list\":[],\"msgid\":\"g1\"}|Accepted",
                "{\"errcode\":0,\"fail_list\":[\"" + EXTERNAL + "\"],\"msgid\":\"g1\"}|Rejected",
                "{\"errcode\":40096}|Rejected",
                "{\"errcode\":48002}|TryAgain",
                "{\"errcode\":45009}|TryAgain",
                "{\"errcode\":-1}|TryAgain"
            })
    void aCustomerIsWrittenToByATaskOfAColleague(String answer, String outcome) {
        provider.stubFor(post(urlPathEqualTo("/cgi-bin/externalcontact/add_msg_template"))
                .willReturn(okJson(answer)));
        var carried = customers.carry(letter(EXTERNAL));
        assertThat(carried.getClass().getSimpleName()).isEqualTo(outcome);
        if (carried instanceof Accepted) {
            assertThat(carried).isEqualTo(new Accepted("g1", "toForward", WecomCustomers.FIRST_LOOK));
        }
        provider.verify(
                getRequestedFor(urlPathEqualTo("/cgi-bin/gettoken")).withQueryParam("corpsecret", equalTo("c0ntact")));
        provider.verify(postRequestedFor(urlPathEqualTo("/cgi-bin/externalcontact/add_msg_template"))
                .withRequestBody(equalToJson("{\"chat_type\":\"single\",\"external_userid\":[\"" + EXTERNAL
                        + "\"],\"text\":{\"content\":\"s\\n\\nt\"}}")));
    }

    /** OUT-1: a try that was cut off may have made the task; another is made only when there is none with these words. */
    @Test
    void OUT_1_aSecondTryLooksForTheTaskOfTheFirst() {
        provider.stubFor(post(urlPathEqualTo("/cgi-bin/externalcontact/get_groupmsg_list_v2"))
                .willReturn(
                        okJson("{\"errcode\":0,\"group_msg_list\":[{\"msgid\":\"other\",\"text\":{\"content\":\"x\"}},"
                                + "{\"msgid\":\"g0\",\"text\":{\"content\":\"s\\n\\nt\"}}],\"next_cursor\":\"\"}")));
        assertThat(customers.carry(letter(EXTERNAL, 2)))
                .isEqualTo(new Accepted("g0", "toForward", WecomCustomers.FIRST_LOOK));
        provider.verify(0, postRequestedFor(urlPathEqualTo("/cgi-bin/externalcontact/add_msg_template")));
        provider.stubFor(post(urlPathEqualTo("/cgi-bin/externalcontact/get_groupmsg_list_v2"))
                .willReturn(okJson("{\"errcode\":-1}")));
        assertThat(customers.carry(letter(EXTERNAL, 2))).isInstanceOf(TryAgain.class);
        provider.verify(0, postRequestedFor(urlPathEqualTo("/cgi-bin/externalcontact/add_msg_template")));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, Pending[]",
        "2, 0, Pending[]",
        "2, 1, Arrived[]",
        "2, 2, 'Lost[reason=wecomNoFriend, bounced=true]'",
        "2, 3, 'Lost[reason=wecomUnreachable, bounced=false]'"
    })
    void weComIsAskedWhatBecameOfIt(int task, int result, String fate) {
        provider.stubFor(post(urlPathEqualTo("/cgi-bin/externalcontact/get_groupmsg_task"))
                .willReturn(okJson("{\"errcode\":0,\"task_list\":[{\"userid\":\"zhang\",\"status\":" + task + "}]}")));
        provider.stubFor(post(urlPathEqualTo("/cgi-bin/externalcontact/get_groupmsg_send_result"))
                .withRequestBody(containing("\"userid\":\"zhang\""))
                .willReturn(okJson("{\"errcode\":0,\"send_list\":[{\"external_userid\":\"" + EXTERNAL
                        + "\",\"userid\":\"zhang\",\"status\":" + result + "}]}")));
        assertThat(customers.fate(new Carrier.Trace(ID, EXTERNAL, "g1", CLOCK.instant())))
                .hasToString(fate);
    }

    @Test
    void whatIsTooLongForWeComKeepsItsBeginningAndItsLink() {
        var text = "开头 " + "很长的答复".repeat(2000) + "\n查看进度:https://retainer.example/complaints/status/abc";
        var shortened = WecomAccess.within(text, 4000);
        assertThat(shortened.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4000);
        assertThat(shortened).startsWith("开头 ").endsWith("\n查看进度:https://retainer.example/complaints/status/abc");
        assertThat(WecomAccess.within("短", 4000)).isEqualTo("短");
    }

    @ParameterizedTest
    @CsvSource({
        "1, '', Pending[]",
        "3, DELIVERED, Arrived[]",
        "2, MOBILE_NOT_ON_SERVICE, 'Lost[reason=reportedBounced, bounced=true]'",
        "2, MOBILE_IN_BLACK, 'Lost[reason=reportedBounced, bounced=false]'"
    })
    void theOperatorsReceiptOfATextMessageIsAskedFor(int status, String code, String fate) {
        provider.stubFor(post(urlPathEqualTo("/"))
                .withRequestBody(containing("Action=QuerySendDetails"))
                .withRequestBody(containing("BizId=b1"))
                .withRequestBody(containing("SendDate=20250106"))
                .withRequestBody(containing("PhoneNumber=13800000000"))
                .willReturn(okJson("{\"Code\":\"OK\",\"SmsSendDetailDTOs\":{\"SmsSendDetailDTO\":[{\"OutId\":\"" + ID
                        + "\",\"SendStatus\":" + status + ",\"ErrCode\":\"" + code + "\"}]}}")));
        assertThat(sms.fate(new Carrier.Trace(ID, "+8613800000000", "b1", CLOCK.instant())))
                .hasToString(fate);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "https://127.0.0.1/",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://169.254.169.254/",
                "https://10.1.2.3/",
                "https://100.64.0.1/",
                "https://0.0.0.0/",
                "https://[fd00::1]/",
                "https://[2002:7f00:1::]/",
                "https://93.184.216.34:8443/"
            })
    void SEC_7_onlyThePublicInternetIsCalled(String address) {
        var strict = new Wire(false, Duration.ofMillis(300));
        assertThatThrownBy(() -> strict.call(HttpRequest.newBuilder().GET(), URI.create(address)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Only ");
    }

    @Test
    void publicAddressesArePublic() throws Exception {
        assertThat(Wire.isPublic(InetAddress.getByName("93.184.216.34"))).isTrue();
        assertThat(Wire.isPublic(InetAddress.getByName("2400:3200::1"))).isTrue();
    }

    @Test
    void aLetterTellsNobodyWhatIsInIt() {
        assertThat(letter("13800000000").toString()).isEqualTo("Letter[" + ID + "]");
    }

    private static Letter letter(String address) {
        return letter(address, 1);
    }

    private static Letter letter(String address, int attempt) {
        return new Letter(
                ID,
                attempt,
                CLOCK.instant(),
                "messaging.code",
                address,
                "s",
                "t",
                "<p>t</p>",
                "zh",
                Map.of("code", "123456"));
    }
}
