package io.retainer.workbench;

import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;

/** A bug met by a program: logged, and answered in the shape of every other problem. Pages have an error page. */
@ControllerAdvice(annotations = RestController.class)
@Order(Ordered.LOWEST_PRECEDENCE)
class ApiBugs {

    private static final Logger log = LoggerFactory.getLogger(ApiBugs.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> bug(Exception e, Locale locale) {
        log.error("A call of the API failed", e);
        var sentence = Sentence.of("workbench.bug");
        var problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.INTERNAL_SERVER_ERROR, Texts.in(locale).say(sentence));
        problem.setProperty("code", sentence.key());
        return ResponseEntity.internalServerError()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
