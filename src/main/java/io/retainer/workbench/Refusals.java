package io.retainer.workbench;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unavailable;
import io.retainer.kernel.Unknown;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataIntegrityViolationException;
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
import org.springframework.ui.ExtendedModelMap;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Turns every way to say no into a page, or into problem+json with a stable {@code code} for the API. Anything else is a
 * bug and is left to become a plain 500.
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class Refusals {

    private final Frame frame;

    Refusals(Frame frame) {
        this.frame = frame;
    }

    @ExceptionHandler
    Object refused(Refused refusal, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.valueOf(refusal.status()), refusal.sentence(), refusal.field());
    }

    @ExceptionHandler
    Object unknown(Unknown unknown, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.NOT_FOUND, Sentence.of("workbench.unknown"), null);
    }

    @ExceptionHandler
    Object unavailable(Unavailable away, HttpServletRequest request, Locale locale) {
        // Which file is missing is for those who work here; a customer at a public form is told to come back.
        var sentence = request.getUserPrincipal() == null ? Sentence.of("workbench.away") : away.sentence();
        return answer(request, locale, HttpStatus.SERVICE_UNAVAILABLE, sentence, null);
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

    @ExceptionHandler({
        MissingServletRequestParameterException.class,
        MissingServletRequestPartException.class,
        MissingRequestHeaderException.class
    })
    Object missing(Exception e, HttpServletRequest request, Locale locale) {
        var name = switch (e) {
            case MissingServletRequestParameterException parameter -> parameter.getParameterName();
            case MissingServletRequestPartException part -> part.getRequestPartName();
            case MissingRequestHeaderException header -> header.getHeaderName();
            default -> "?";
        };
        return answer(request, locale, HttpStatus.UNPROCESSABLE_CONTENT, Sentence.of("workbench.missing", name), name);
    }

    @ExceptionHandler
    Object unreadable(HttpMessageNotReadableException e, HttpServletRequest request, Locale locale) {
        if (e.getCause() instanceof DatabindException wrong && !wrong.getPath().isEmpty()) {
            var field = new StringBuilder();
            for (var step : wrong.getPath()) {
                field.append(
                        step.getPropertyName() == null
                                ? "[" + step.getIndex() + "]"
                                : (field.isEmpty() ? "" : ".") + step.getPropertyName());
            }
            var key =
                    wrong instanceof UnrecognizedPropertyException ? "workbench.unknownField" : "workbench.wrongField";
            return answer(
                    request,
                    locale,
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    Sentence.of(key, field.toString()),
                    field.toString());
        }
        return answer(request, locale, HttpStatus.BAD_REQUEST, Sentence.of("workbench.unreadable"), null);
    }

    /** Also what the first to ask for a parameter meets: a form that is too large, or one that cannot be decoded. */
    @ExceptionHandler
    Object undecodable(InvalidParameterException e, HttpServletRequest request, Locale locale) {
        if (e.getErrorCode() == HttpStatus.CONTENT_TOO_LARGE.value()) {
            return answer(request, locale, HttpStatus.CONTENT_TOO_LARGE, Sentence.of("workbench.tooLarge"), null);
        }
        return answer(request, locale, HttpStatus.BAD_REQUEST, Sentence.of("workbench.undecodable"), null);
    }

    @ExceptionHandler
    Object noPage(NoResourceFoundException e, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.NOT_FOUND, Sentence.of("workbench.unknown"), null);
    }

    @ExceptionHandler
    Object noMethod(HttpRequestMethodNotSupportedException e, HttpServletRequest request, Locale locale) {
        return answer(
                request,
                locale,
                HttpStatus.METHOD_NOT_ALLOWED,
                Sentence.of("workbench.method", e.getMethod(), String.join(", ", orNone(e.getSupportedMethods()))),
                null);
    }

    @ExceptionHandler
    Object noSuchType(HttpMediaTypeNotSupportedException e, HttpServletRequest request, Locale locale) {
        var sent = e.getContentType() == null ? "—" : e.getContentType().toString();
        return answer(
                request,
                locale,
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                Sentence.of("workbench.contentType", sent, MediaType.toString(e.getSupportedMediaTypes())),
                "Content-Type");
    }

    @ExceptionHandler
    ResponseEntity<Void> notAcceptable(HttpMediaTypeNotAcceptableException e) {
        return ResponseEntity.status(HttpStatus.NOT_ACCEPTABLE).build();
    }

    @ExceptionHandler
    Object noForm(MultipartException e, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.BAD_REQUEST, Sentence.of("workbench.multipart"), null);
    }

    /** The last net: what the checks before it let through and the database refuses. Nothing of it was kept. */
    @ExceptionHandler
    Object notStorable(DataIntegrityViolationException e, HttpServletRequest request, Locale locale) {
        var state = e.getMostSpecificCause() instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
        // Class 22 is a value that no column takes (a NUL character, out of range), 23514 one that a check forbids.
        if (!state.startsWith("22") && !state.equals("23514")) {
            throw e;
        }
        return answer(request, locale, HttpStatus.UNPROCESSABLE_CONTENT, Sentence.of("workbench.notStorable"), null);
    }

    private static String[] orNone(String @Nullable [] methods) {
        return methods == null ? new String[0] : methods;
    }

    @ExceptionHandler({
        CannotCreateTransactionException.class,
        CannotGetJdbcConnectionException.class,
        TransientDataAccessResourceException.class
    })
    Object databaseAway(RuntimeException e, HttpServletRequest request, Locale locale) {
        return answer(request, locale, HttpStatus.SERVICE_UNAVAILABLE, Sentence.of("workbench.databaseAway"), null);
    }

    private Object answer(
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
        var model = new ExtendedModelMap();
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            frame.words(model, request, locale);
        } else {
            frame.frame(model, request, locale);
        }
        page.addAllObjects(model);
        page.addObject("sentence", sentence);
        page.addObject("status", status.value());
        page.setStatus(status);
        return page;
    }
}
