package io.retainer.workbench;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.ModelAndView;

/**
 * Turns every way to say no into a page, or into problem+json with a stable {@code code} for the API. Anything else is a
 * bug and is left to become a plain 500.
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class Refusals {

    @ExceptionHandler
    Object refused(Refused refusal, HttpServletRequest request, Locale locale) {
        var status = refusal.field() == null ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT;
        if (refusal.sentence().key().equals("identity.notAllowed")) {
            status = HttpStatus.FORBIDDEN;
        }
        return answer(request, locale, status, refusal.sentence(), refusal.field());
    }

    @ExceptionHandler
    Object unknown(Unknown unknown, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.NOT_FOUND, Sentence.of("workbench.unknown"), null);
    }

    @ExceptionHandler
    Object outdated(OptimisticLockingFailureException lost, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.CONFLICT, Sentence.of("workbench.outdated"), null);
    }

    @ExceptionHandler
    Object tooLarge(MaxUploadSizeExceededException e, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.CONTENT_TOO_LARGE, Sentence.of("workbench.tooLarge"), null);
    }

    @ExceptionHandler
    Object mistyped(MethodArgumentTypeMismatchException e, HttpServletRequest request, Locale locale) {
        return answer(
                request,
                locale,
                HttpStatus.UNPROCESSABLE_CONTENT,
                Sentence.of("workbench.mistyped", e.getName(), String.valueOf(e.getValue())),
                e.getName());
    }

    @ExceptionHandler({MissingServletRequestParameterException.class, MissingServletRequestPartException.class})
    Object missing(Exception e, HttpServletRequest request, Locale locale) {
        var name = switch (e) {
            case MissingServletRequestParameterException parameter -> parameter.getParameterName();
            case MissingServletRequestPartException part -> part.getRequestPartName();
            default -> "?";
        };
        return answer(request, locale, HttpStatus.UNPROCESSABLE_CONTENT, Sentence.of("workbench.missing", name), name);
    }

    @ExceptionHandler
    Object unreadable(HttpMessageNotReadableException e, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.BAD_REQUEST, Sentence.of("workbench.unreadable"), null);
    }

    @ExceptionHandler({
        CannotCreateTransactionException.class,
        CannotGetJdbcConnectionException.class,
        TransientDataAccessResourceException.class
    })
    Object databaseAway(RuntimeException e, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.SERVICE_UNAVAILABLE, Sentence.of("workbench.databaseAway"), null);
    }

    private static Object answer(
            HttpServletRequest request, Locale locale, HttpStatus status, Sentence sentence, @Nullable String field) {
        var texts = Texts.in(locale);
        if (request.getServletPath().startsWith("/api/")) {
            var problem = ProblemDetail.forStatusAndDetail(status, texts.say(sentence));
            problem.setProperty("code", sentence.key());
            if (field != null) {
                problem.setProperty("field", field);
            }
            var response = ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
            if (status == HttpStatus.SERVICE_UNAVAILABLE) {
                response.header(HttpHeaders.RETRY_AFTER, "10");
            }
            return response.body(problem);
        }
        var page = new ModelAndView("workbench/refusal");
        page.addObject("texts", texts);
        page.addObject("english", texts.locale().equals(Texts.ENGLISH));
        page.addObject("path", request.getServletPath());
        page.addObject("sentence", sentence);
        page.addObject("status", status.value());
        page.setStatus(status);
        return page;
    }
}
