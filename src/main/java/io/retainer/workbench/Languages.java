package io.retainer.workbench;

import io.retainer.kernel.OfOne;
import io.retainer.kernel.Texts;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.i18n.AcceptHeaderLocaleResolver;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;
import org.springframework.web.servlet.i18n.LocaleChangeInterceptor;

/** Chinese first, English second: the reader's choice ({@code ?lang=}) is kept, else what the browser asks for counts. */
@Configuration(proxyBeanMethods = false)
class Languages implements WebMvcConfigurer {

    @Bean
    LocaleResolver localeResolver() {
        var header = new AcceptHeaderLocaleResolver();
        header.setSupportedLocales(List.of(Texts.CHINESE, Texts.ENGLISH, Locale.CHINESE));
        header.setDefaultLocale(Texts.CHINESE);
        var cookie = new CookieLocaleResolver("language");
        cookie.setCookieMaxAge(Duration.ofDays(365));
        cookie.setCookieHttpOnly(true);
        cookie.setCookieSameSite("Lax");
        cookie.setDefaultLocaleFunction(header::resolveLocale);
        return cookie;
    }

    /** The same messages as {@link Texts}, as templates ask for them. */
    @Bean
    MessageSource messageSource() {
        var messages = new ResourceBundleMessageSource() {

            @Override
            protected @Nullable String getMessageInternal(
                    @Nullable String code, Object @Nullable [] arguments, @Nullable Locale locale) {
                int ones = arguments == null ? 0 : OfOne.among(arguments);
                if (ones > 0 && code != null && Texts.ENGLISH.equals(locale)) {
                    var format = resolveCode(code, Texts.ENGLISH);
                    if (format != null) {
                        return new MessageFormat(OfOne.singular(format.toPattern(), ones), Texts.ENGLISH)
                                .format(arguments);
                    }
                }
                return super.getMessageInternal(code, arguments, locale);
            }
        };
        messages.setBasenames(
                Texts.BUNDLES.stream().map(bundle -> "messages/" + bundle).toArray(String[]::new));
        messages.setDefaultEncoding(StandardCharsets.UTF_8.name());
        messages.setFallbackToSystemLocale(false);
        messages.setAlwaysUseMessageFormat(true);
        return messages;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        var change = new LocaleChangeInterceptor();
        change.setParamName("lang");
        change.setIgnoreInvalidLocale(true);
        registry.addInterceptor(change);
    }
}
