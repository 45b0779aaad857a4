/** Agents on ARC's own server. The model is a function of the message; the port is the only argument. */
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.delay
import org.eclipse.lmos.arc.agents.ArcException
import org.eclipse.lmos.arc.agents.agents
import org.eclipse.lmos.arc.agents.conversation.AIAgentHandover
import org.eclipse.lmos.arc.agents.conversation.AssistantMessage
import org.eclipse.lmos.arc.agents.conversation.ConversationClassification
import org.eclipse.lmos.arc.agents.conversation.ConversationMessage
import org.eclipse.lmos.arc.agents.dsl.InputFilterContext
import org.eclipse.lmos.arc.agents.dsl.extensions.breakWith
import org.eclipse.lmos.arc.agents.dsl.extensions.emitMessage
import org.eclipse.lmos.arc.agents.dsl.extensions.outputContext
import org.eclipse.lmos.arc.agents.dsl.extensions.system
import org.eclipse.lmos.arc.agents.dsl.extensions.userProfile
import org.eclipse.lmos.arc.agents.functions.LLMFunction
import org.eclipse.lmos.arc.agents.llm.ChatCompleter
import org.eclipse.lmos.arc.agents.llm.ChatCompleterProvider
import org.eclipse.lmos.arc.agents.llm.ChatCompletionSettings
import org.eclipse.lmos.arc.core.result
import org.eclipse.lmos.arc.server.ktor.serve
import java.util.concurrent.atomic.AtomicInteger

private const val LONG_MS = 60_000L

/** Turns that began to wait, and that were cancelled while they did. */
private val waiting = AtomicInteger()
private val cancelled = AtomicInteger()

private suspend fun waitLong() {
    waiting.incrementAndGet()
    try {
        delay(LONG_MS)
    } catch (cancellation: CancellationException) {
        cancelled.incrementAndGet()
        throw cancellation
    }
}

private val model =
    object : ChatCompleter {
        override suspend fun complete(
            messages: List<ConversationMessage>,
            functions: List<LLMFunction>?,
            settings: ChatCompletionSettings?,
        ) = result<AssistantMessage, ArcException> {
            val asked = messages.last().content
            if (asked.startsWith("!fail")) throw ArcException("the model fails")
            if (asked.startsWith("!throw")) error("the model breaks")
            if (asked.startsWith("!wait")) waitLong()
            if (asked.startsWith("!slow")) delay(400)
            val answer =
                when {
                    asked.startsWith("!counts") -> "${waiting.get()} waited, ${cancelled.get()} cancelled"
                    asked.startsWith("!empty") -> ""
                    asked.startsWith("!long") -> "x".repeat(60_000)
                    else -> "kotlin says: $asked (${messages.size - 1} messages)"
                }
            AssistantMessage(answer)
        }
    }

private class Status(
    private val word: String,
) : ConversationClassification {
    override fun toString() = word
}

/** What a message asks of the agent before its model is asked. */
private suspend fun InputFilterContext.doAsTold() {
    val asked = inputMessage.content
    if (asked.startsWith("!say")) {
        emitMessage(AssistantMessage("working on it"))
        outputContext("k", "v")
    }
    if (asked.startsWith("!break")) breakWith("stopped early", Status("UNRESOLVED"))
    if (asked.startsWith("!human")) breakWith("A person will call you.", Status("AGENT_HANDOVER"))
    if (asked.startsWith("!here")) breakWith("handed over", AIAgentHandover("breaking"))
    if (asked.startsWith("!far")) breakWith("handed over", AIAgentHandover("far-agent"))
    if (asked.startsWith("!knows")) breakWith("${system("k", "none")} ${userProfile("name", "nobody")}")
}

fun main(arguments: Array<String>) {
    agents(chatCompleterProvider = ChatCompleterProvider { model }) {
        agent {
            name = "kotlin-agent"
            description = "Answers from the JVM."
            filterInput { doAsTold() }
            prompt { "You answer." }
        }
        agent {
            name = "failing"
            description = "Fails before its model is asked."
            prompt { error("no prompt") }
        }
        agent {
            name = "breaking"
            description = "Stops early."
            filterInput { breakWith("stopped early", Status("UNRESOLVED")) }
            prompt { "You stop." }
        }
    }.serve(port = arguments.first().toInt(), devMode = false, wait = true)
}
