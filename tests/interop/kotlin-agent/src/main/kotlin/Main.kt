/** An agent on ARC's own server. The model is a function of the message; the port is the only argument. */
import kotlinx.coroutines.delay
import org.eclipse.lmos.arc.agents.ArcException
import org.eclipse.lmos.arc.agents.agents
import org.eclipse.lmos.arc.agents.conversation.AssistantMessage
import org.eclipse.lmos.arc.agents.conversation.ConversationMessage
import org.eclipse.lmos.arc.agents.functions.LLMFunction
import org.eclipse.lmos.arc.agents.llm.ChatCompleter
import org.eclipse.lmos.arc.agents.llm.ChatCompleterProvider
import org.eclipse.lmos.arc.agents.llm.ChatCompletionSettings
import org.eclipse.lmos.arc.core.result
import org.eclipse.lmos.arc.server.ktor.serve

private val model =
    object : ChatCompleter {
        override suspend fun complete(
            messages: List<ConversationMessage>,
            functions: List<LLMFunction>?,
            settings: ChatCompletionSettings?,
        ) = result<AssistantMessage, ArcException> {
            val asked = messages.last().content
            if (asked.startsWith("!fail")) throw ArcException("the model fails")
            if (asked.startsWith("!wait")) delay(60_000)
            AssistantMessage("kotlin says: $asked (${messages.size - 1} messages)")
        }
    }

fun main(arguments: Array<String>) {
    agents(chatCompleterProvider = ChatCompleterProvider { model }) {
        agent {
            name = "kotlin-agent"
            description = "Answers from the JVM."
            prompt { "You answer." }
        }
    }.serve(port = arguments.first().toInt(), devMode = false, wait = true)
}
